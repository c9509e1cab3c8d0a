using OpAgent.Commands;
using OpAgent.Core.Problems;
using OpAgent.Hosting;
using OpAgent.Server.Edge;
using OpAgent.Server.Packages;
using OpAgent.Server.Workspaces;

namespace OpAgent.Runs;

/// <summary>Finds the workspace for a directory, and makes sure that a person wants its agents to run.</summary>
internal sealed class WorkspaceChoice(CommandContext context, InputLines input)
{
    /// <returns>The workspace, trusted, and the directory's path in it.</returns>
    /// <exception cref="ProblemException">The directory cannot be opened, or nobody trusts it.</exception>
    public async Task<(WorkspaceView Workspace, string Path)> ChooseAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var directory = LibC.RealPath(request.Directory) ?? Path.GetFullPath(request.Directory);
        var workspace = await FindAsync(directory, cancellationToken)
            ?? (await context.Client.PostAsync("workspaces", new OpenWorkspace(null, directory, false), cancellationToken)).As<WorkspaceView>();
        var path = Path.GetRelativePath(workspace.Path, directory) is var relative and not "." ? relative : "";
        return (workspace.Trusted ? workspace : await TrustAsync(request, workspace, path, cancellationToken), path);
    }

    /// <summary>The innermost open workspace that holds the directory.</summary>
    private async Task<WorkspaceView?> FindAsync(string directory, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory)) return null;
        var open = new List<WorkspaceView>();
        string? cursor = null;
        do
        {
            var page = (await context.Client.GetAsync($"workspaces{(cursor is null ? "" : $"?cursor={cursor}")}", cancellationToken)).As<Page<WorkspaceView>>();
            open.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return open
            .Where(workspace => workspace.Machine == "local" && $"{directory}/".StartsWith(workspace.Path.TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(workspace => workspace.Path.Length);
    }

    private async Task<WorkspaceView> TrustAsync(RunRequest request, WorkspaceView workspace, string path, CancellationToken cancellationToken)
    {
        var what = await WhatWouldRunAsync(request, workspace, path, cancellationToken);
        // Who names an installed agent has said what runs. Trust is the whole directory's, though, so not where it brings a program of its own.
        var own = request.Agent is null ? null : await OwnPackageAsync(workspace, path, cancellationToken);
        if (own is not null) what = $"{own} is bound there, a program of the directory's own; trusting it would let that run, too.";
        var trusted = request.Yes || (own is null && await IsInstalledAsync(request.Agent, cancellationToken));
        if (!trusted && InputLines.IsTerminal)
        {
            Console.Error.WriteLine($"{workspace.Path} is not trusted yet. {what}");
            Console.Error.Write("Trust it and let its agents run? [y/N] ");
            trusted = (await input.ReadAsync(cancellationToken))?.Trim().ToLowerInvariant() is "y" or "yes";
        }

        if (!trusted)
        {
            throw KnownProblems.WorkspaceNotTrusted.With(
                $"{workspace.Path} is not trusted, so nothing runs in it. {what} If that is wanted: opagent open {workspace.Path} --trust");
        }

        return (await context.Client.PostAsync($"workspaces/{workspace.Id}/trust", null, cancellationToken)).As<WorkspaceView>();
    }

    private async Task<string> WhatWouldRunAsync(RunRequest request, WorkspaceView workspace, string path, CancellationToken cancellationToken)
    {
        if (request.Agent is not null) return $"The agent '{request.Agent}' would run.";
        var binding = (await context.Client.GetAsync($"workspaces/{workspace.Id}/binding?path={Uri.EscapeDataString(path)}", cancellationToken)).As<BindingView>();
        return binding.Agent is { } agent
            ? $"The agent '{agent.Value}' would run, because {agent.From.File}, line {agent.From.Line}, says so."
            : throw KnownProblems.AgentNotChosen.With($"No workspace.yaml binds {Path.Combine(workspace.Path, path)} to an agent: name one with --agent. 'opagent agents list' shows them.");
    }

    /// <summary>The package of its own that the directory is bound to, or null.</summary>
    private async Task<string?> OwnPackageAsync(WorkspaceView workspace, string path, CancellationToken cancellationToken)
    {
        var binding = (await context.Client.GetAsync($"workspaces/{workspace.Id}/binding?path={Uri.EscapeDataString(path)}", cancellationToken)).As<BindingView>();
        return binding.Agent?.Value is { } agent && agent.StartsWith("./", StringComparison.Ordinal) ? agent : null;
    }

    private async Task<bool> IsInstalledAsync(string? agent, CancellationToken cancellationToken)
    {
        if (agent is null) return false;
        var installed = (await context.Client.GetAsync("agents", cancellationToken)).As<Page<AgentView>>();
        return installed.Items.Any(package => package.Id == agent.Split('@')[0]);
    }
}
