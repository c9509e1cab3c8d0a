using System.CommandLine;
using OpAgent.Server.Workspaces;

namespace OpAgent.Commands;

/// <summary><c>opagent open</c>.</summary>
internal static class OpenCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "The directory." };
        var trust = new Option<bool>("--trust") { Description = "Let its agents run." };
        var fullRights = new Option<bool>("--full-rights") { Description = "With --trust: its agents get your full rights, without a sandbox." };
        var command = new Command("open", "Opens a directory as a workspace.") { directory, trust, fullRights };
        command.Validators.Add(result =>
        {
            if (result.GetValue(fullRights) && !result.GetValue(trust)) result.AddError("--full-rights says how a directory is trusted: add --trust.");
        });
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var request = new OpenWorkspace(null, Path.GetFullPath(parsed.GetRequiredValue(directory)), parsed.GetValue(trust), parsed.GetValue(fullRights));
            var answer = await context.Client.PostAsync("workspaces", request, cancellationToken);
            context.Output.Result(answer, () => Describe(answer.As<WorkspaceView>()));
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }

    private static string Describe(WorkspaceView workspace) =>
        $"{workspace.Path} is open as {workspace.Id}. " + (workspace.Trusted
            ? workspace.FullRights ? "It is trusted: its agents run with your full rights, without a sandbox." : "It is trusted: its agents may run, each in a sandbox."
            : $"It is not trusted, so its agents do not run: 'opagent open {workspace.Path} --trust' changes that.");
}
