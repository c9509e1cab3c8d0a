using System.Threading.Channels;

namespace OpAgent.Runs;

/// <summary>
/// Lines that a person or a pipe gives to answer questions. Reading begins with the first question; a read that is no longer waited for keeps its
/// line for the next one, because a read of a terminal cannot be taken back.
/// </summary>
internal sealed class InputLines : IDisposable
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(1);
    private readonly CancellationTokenSource _stop = new();
    private bool _reading;

    /// <summary>There is a person who can be asked: what is asked on stderr is seen, and what is typed is read.</summary>
    public static bool IsTerminal => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>The next line; null at the end of the input.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_reading)
        {
            _reading = true;
            // Console.In blocks, and nothing ends that: the thread must not keep the program alive.
            new Thread(Pump) { IsBackground = true, Name = "stdin" }.Start();
        }

        return await _lines.Reader.WaitToReadAsync(cancellationToken) && _lines.Reader.TryRead(out var line) ? line : null;
    }

    public void Dispose() => _stop.Cancel();

    private void Pump()
    {
        try
        {
            while (Console.In.ReadLine() is { } line) _lines.Writer.WriteAsync(line, _stop.Token).AsTask().Wait(_stop.Token);
            _lines.Writer.Complete();
        }
        catch (OperationCanceledException)
        {
            // Nobody asks any more.
        }
    }
}
