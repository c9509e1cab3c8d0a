using System.CommandLine;
using System.Text;
using OpAgent.Diagnosis;
using OpAgent.Server;
using OpAgent.Server.Storage;
using OpAgent.Terminal;

namespace OpAgent.Commands;

/// <summary><c>opagent doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Says what of this machine stands in the way of agents, and what to do about it. Starts nothing.");
        command.SetAction((parsed, cancellationToken) =>
        {
            var output = new CommandOutput(parsed.GetValue(CommandContext.Json));
            return CommandContext.ReportAsync(output, async () =>
            {
                var findings = await Checkup.RunAsync(DataDirectory.FromEnvironment(), new SystemFiles(), TimeProvider.System, cancellationToken);
                var isHealthy = findings.All(finding => finding.Level != Level.Problem);
                output.Result(new { version = HostVersion.Text, healthy = isHealthy, items = findings }, () => Describe(findings));
                return isHealthy ? ExitCode.Success : ExitCode.Failure;
            });
        });
        return command;
    }

    internal static string Describe(IReadOnlyList<Finding> findings)
    {
        var text = new StringBuilder();
        var width = findings.Max(finding => finding.Check.Length);
        foreach (var finding in findings)
        {
            text.Append($"{finding.Level.ToString().ToLowerInvariant(),-8} {finding.Check.PadRight(width)}  {TerminalText.Line(finding.Says, 1000)}\n");
            if (finding.Remedy is { } remedy) text.Append($"{new string(' ', width + 11)}{TerminalText.Line(remedy, 1000)}\n");
        }

        return text.Append($"\n{Count(findings, Level.Problem, "problem")}, {Count(findings, Level.Warning, "warning")}.").ToString();
    }

    private static string Count(IReadOnlyList<Finding> findings, Level level, string name) =>
        findings.Count(finding => finding.Level == level) is var count && count == 1 ? $"1 {name}" : $"{(count == 0 ? "no" : count)} {name}s";
}
