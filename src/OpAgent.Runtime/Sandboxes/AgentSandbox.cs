using OpAgent.Core.Bindings;
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
        if (workspaces.HasFullRights(workspace)) return;
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (DirectoryPaths.IsAtOrBelow(user, workspace))
            throw KnownProblems.SandboxUnavailable.With($"'{workspace}' holds your home directory, and who writes there runs programs as you, so no agent runs in it. Open a directory in it, or grant full rights: opagent open '{workspace}' --trust --full-rights");
        if (await support.FindObstacleAsync().ConfigureAwait(false) is not { } obstacle) return;
        throw KnownProblems.SandboxUnavailable.With($"Agents cannot be kept in a sandbox on this machine any more, so none runs: {obstacle}. Or grant full rights: opagent open '{workspace}' --trust --full-rights");
    }

    /// <summary>Makes sure that what a binding says can be enforced.</summary>
    /// <exception cref="ProblemException">It cannot.</exception>
    public async Task RequireAsync(ResolvedBinding binding)
    {
        if ((binding.Sandbox is null && binding.Network is not { Value: NetworkAccess.Off }) || await support.FindObstacleAsync().ConfigureAwait(false) is not { } obstacle) return;
        var (key, file, line) = binding.Sandbox is { } sandbox ? (BindingKeys.Sandbox, sandbox.File, sandbox.Line) : (BindingKeys.Network, binding.Network!.File, binding.Network.Line);
        throw KnownProblems.SandboxUnavailable.With($"'{key}' ({file}:{line}) cannot be enforced on this machine, so no agent runs here: {obstacle}.");
    }

    /// <summary>Decides what an agent gets to see. The caller disposes the plan once the agent has started.</summary>
    /// <param name="directory">The conversation's directory, relative to the workspace.</param>
    /// <exception cref="ProblemException">What the binding says cannot be enforced.</exception>
    public async Task<SandboxPlan> PlanAsync(WorkspaceRoot root, string directory, ResolvedAgent agent, Guid conversation)
    {
        await RequireAsync(root.Path).ConfigureAwait(false);
        await RequireAsync(agent.Binding).ConfigureAwait(false);
        if (await support.FindObstacleAsync().ConfigureAwait(false) is not null) return SandboxPlan.FullRights;
        var granted = workspaces.HasFullRights(root.Path) ? SandboxLevel.None : SandboxLevel.Workspace;
        var level = (SandboxLevel)Math.Min((int)granted, (int)(agent.Binding.Sandbox?.Value ?? SandboxLevel.None));
        var network = agent.Binding.Network is not { Value: NetworkAccess.Off };
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return planner.Make(new SandboxRequest(level, network, root, directory, agent.Root, AgentHome.Of(home, agent, conversation), path, agent.Manifest.Command is { } command ? [command.Cmd, .. command.Args] : []));
    }
}
