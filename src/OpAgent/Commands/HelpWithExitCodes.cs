using System.CommandLine;
using System.CommandLine.Invocation;

namespace OpAgent.Commands;

/// <summary>The help as it is, and under it what the exit codes mean.</summary>
internal sealed class HelpWithExitCodes(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var exit = help.Invoke(parseResult);
        Console.Out.WriteLine(ExitCode.Help);
        return exit;
    }
}
