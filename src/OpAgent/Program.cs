using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using OpAgent;
using OpAgent.Commands;
using OpAgent.Terminal;

// Spares a change of threads for each read from a socket, and with it a third of the time from an agent's chunk to its viewer.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

var serve = ServeCommand.Create();
var root = new RootCommand("Runs AI agents in directories, as processes that outlive the programs which watch them.")
{
    serve,
    OpenCommand.Create(),
    RunCommand.Create(),
    PsCommand.Create(),
    SearchCommand.Create(),
    AgentsCommand.Create(),
    MachinesCommand.Create(),
    SetupCodeCommand.Create(),
    UserCommand.Create(),
    TokenCommand.Create(),
    DoctorCommand.Create(),
    StopCommand.Create(),
};
root.Add(CommandContext.Json);
// Without a command the program is the host.
foreach (var option in serve.Options) root.Add(option);
root.Action = serve.Action;

var help = root.Options.OfType<HelpOption>().Single();
help.Action = new HelpWithExitCodes((SynchronousCommandLineAction)help.Action!);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && parsed.GetResult(CommandContext.Json) is { Implicit: false })
{
    new CommandOutput(json: true).Problem(CommandProblems.Usage, string.Join(" ", parsed.Errors.Select(error => error.Message)));
    return ExitCode.Usage;
}

// A command hears of signals itself: a host has turns to tell of its end, a run has one to cancel.
var exit = await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? ExitCode.Usage : exit;
