using System.CommandLine;
using OpAgent.Hosting;
using OpAgent.Server.Machines;
using OpAgent.Server.Storage;
using OpAgent.Terminal;

namespace OpAgent.Commands;

/// <summary><c>opagent stop</c>.</summary>
internal static class StopCommand
{
    public static Command Create()
    {
        var all = new Option<bool>("--all") { Description = "End the agents and their runtime too." };
        var command = new Command("stop", "Ends the host. Agents go on unless --all is given.") { all };
        command.SetAction((parsed, cancellationToken) =>
        {
            var output = new CommandOutput(parsed.GetValue(CommandContext.Json));
            return CommandContext.ReportAsync(output, () => StopAsync(parsed.GetValue(all), output, cancellationToken));
        });
        return command;
    }

    private static async Task<int> StopAsync(bool all, CommandOutput output, CancellationToken cancellationToken)
    {
        var data = DataDirectory.FromEnvironment();
        // The host first: it would start the runtime again.
        var host = await HostProcess.StopAsync(data, cancellationToken) is not null;
        var runtime = all && await LocalRuntime.StopAsync(data, cancellationToken);
        output.Result(new { host, runtime }, () => (host ? "The host has ended." : "No host runs.")
            + (runtime ? " The agents and their runtime have ended." : all ? " No runtime runs." : host ? " Agents go on; 'opagent stop --all' ends them." : ""));
        return ExitCode.Success;
    }
}
