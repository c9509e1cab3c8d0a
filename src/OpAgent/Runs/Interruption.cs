using System.Runtime.InteropServices;
using OpAgent.Core.Problems;
using OpAgent.Terminal;

namespace OpAgent.Runs;

/// <summary>Ctrl-C: once cancels the turn, twice leaves.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private int _times;

    public Interruption(Func<Task> cancel) => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _times) > 1) Environment.Exit(ExitCode.Cancelled);
        Console.Error.WriteLine(TerminalText.Dim("Cancelling the turn. Ctrl-C again leaves it to itself."));
        _ = CancelAsync(cancel);
    });

    public void Dispose() => _registration.Dispose();

    private static async Task CancelAsync(Func<Task> cancel)
    {
        try
        {
            await cancel();
        }
        catch (Exception exception) when (exception is ProblemException or HttpRequestException)
        {
            Console.Error.WriteLine(TerminalText.Dim($"The turn cannot be cancelled: {exception.Message}"));
        }
    }
}
