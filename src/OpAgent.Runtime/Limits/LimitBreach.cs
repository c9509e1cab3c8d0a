using System.Globalization;
using OpAgent.Core.Bindings;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Limits;

/// <summary>A limit that an agent went over, and how the turn ends for it.</summary>
/// <param name="Text">The limit, the value and the file and line that set it, in words.</param>
/// <param name="Outcome">The turn's end.</param>
internal sealed record LimitBreach(string Text, TurnOutcome Outcome)
{
    public static LimitBreach OfMemory(long bytes, Sourced<long> limit) => Ended($"memory {LimitAmount.Of(bytes, limit.Value)} is over the limit {LimitAmount.Of(limit.Value)} {Place(limit)}");

    public static LimitBreach OfProcesses(int count, Sourced<int> limit) => Ended($"processes {Number(count)} are over the limit {Number(limit.Value)} {Place(limit)}");

    public static LimitBreach OfOpenFiles(int pid, Sourced<int> limit) => Ended($"open files of process {Number(pid)} have reached the limit {Number(limit.Value)} {Place(limit)}");

    /// <param name="bytes">Written within the last <see cref="OutputMeter.Window"/>.</param>
    public static LimitBreach OfOutput(long bytes, Sourced<long> limit) =>
        Ended($"output of {LimitAmount.Of(bytes, limit.Value)} within {OutputMeter.Window.TotalSeconds:0} s is over the limit {LimitAmount.Of(limit.Value)} a second {Place(limit)}");

    /// <summary>The kernel let it get no further, so it was never over the limit.</summary>
    public static LimitBreach Reached(Sourced<long> memory) => Ended($"memory has reached the limit {LimitAmount.Of(memory.Value)} {Place(memory)}");

    /// <inheritdoc cref="Reached(Sourced{long})"/>
    public static LimitBreach Reached(Sourced<int> processes) => Ended($"processes have reached the limit {Number(processes.Value)} {Place(processes)}");

    public static LimitBreach Deadline(Sourced<TimeSpan> limit)
    {
        var text = $"turn has reached the limit {BindingText.Of(limit.Value)} {Place(limit)}";
        return new(text, new TurnOutcome(TurnOutcome.DeadlineReason, $"{text}, without the time that it waited for a person. What the agent had said is kept; send the prompt again to go on."));
    }

    private static LimitBreach Ended(string text) =>
        new(text, new TurnOutcome(TurnOutcome.LimitReason, $"{text}. The agent was ended and what it had said is kept; send the prompt again to go on.", Failed: true));

    private static string Place<T>(Sourced<T> limit) => $"({limit.File}:{Number(limit.Line)})";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
