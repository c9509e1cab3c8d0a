using System.CommandLine;
using OpAgent.Server.Edge;
using OpAgent.Server.Machines;
using OpAgent.Terminal;

namespace OpAgent.Commands;

/// <summary><c>opagent ps</c>.</summary>
internal static class PsCommand
{
    public static Command Create()
    {
        var tree = new Option<bool>("--tree") { Description = "Show who started whom." };
        var command = new Command("ps", "Lists the agents' processes and everything they started.") { tree };
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var answer = await context.Client.GetAsync("processes", cancellationToken);
            context.Output.Result(answer, () => Describe(answer.As<Page<ProcessView>>().Items, parsed.GetValue(tree)));
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }

    private static string Describe(IReadOnlyList<ProcessView> processes, bool tree)
    {
        if (processes.Count == 0) return "No agent runs. 'opagent run DIR \"PROMPT\"' starts one.";
        var table = new TextTable("PID", "AGENT", "STATE", "CPU", "MEMORY", "CONVERSATION", "COMMAND");
        foreach (var (process, depth) in tree ? InTree(processes) : processes.Select(process => (process, 0)))
        {
            table.Add(
                process.Pid.ToString(), process.Agent ?? "", process.State, TimeSpan.FromMilliseconds(process.CpuMilliseconds).ToString(@"m\:ss\.f"),
                $"{process.MemoryBytes / (1024.0 * 1024):0.0} MiB", process.Conversation ?? "",
                new string(' ', depth * 2) + TerminalText.Line(process.Command, 100));
        }

        return table.ToString();
    }

    private static IEnumerable<(ProcessView Process, int Depth)> InTree(IReadOnlyList<ProcessView> processes)
    {
        var present = processes.Select(process => (process.Machine, process.Pid)).ToHashSet();
        var children = processes.ToLookup(process => (process.Machine, process.Parent));
        return processes.Where(process => !present.Contains((process.Machine, process.Parent))).SelectMany(process => Below(process, 0));

        IEnumerable<(ProcessView, int)> Below(ProcessView process, int depth) =>
            children[(process.Machine, process.Pid)].SelectMany(child => Below(child, depth + 1)).Prepend((process, depth));
    }
}
