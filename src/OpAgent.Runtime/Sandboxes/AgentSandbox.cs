using OpAgent.Core.Problems;
using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Packages;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>In which sandbox an agent runs: what its directory's binding says, as far as this machine can enforce it.</summary>
internal sealed class AgentSandbox(SandboxSupport support, SandboxPlanner planner, WorkspaceRegistry workspaces, RuntimeHome home)
{
    /// <summary>Makes sure that agents may run in a workspace as it was trusted.</summary>
    /// <exception cref="ProblemException">The sandbox that it was trusted with cannot be made.</exception>
    public async Task RequireAsync(string workspace)
    {
        if (workspaces.HasFullRights(workspace) || await support.FindObstacleAsync().ConfigureAwait(false) is not { } obstacle) return;
        throw KnownProblems.SandboxUnavailable.With($"Agents cannot be kept in a sandbox on this machine any more, so none runs: {obstacle}. Or grant full rights: opagent open '{workspace}' --trust --full-rights");
    }

    /// <summary>Decides what an agent gets to see. The caller disposes the plan once the agent has started.</summary>
    /// <param name="directory">The conversation's directory, relative to the workspace.</param>
    /// <exception cref="ProblemException">What the binding says cannot be enforced.</exception>
    public async Task<SandboxPlan> PlanAsync(WorkspaceRoot root, string directory, ResolvedAgent agent)
    {
        await RequireAsync(root.Path).ConfigureAwait(false);
        if (await support.FindObstacleAsync().ConfigureAwait(false) is not null) return SandboxPlan.FullRights;
        var level = workspaces.HasFullRights(root.Path) ? SandboxLevel.None : SandboxLevel.Workspace;
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return planner.Make(new SandboxRequest(level, Network: true, root, directory, agent.Root, AgentHome.Make(home, agent.Manifest.Id), path));
    }
}
