using System.Text;

namespace OpAgent.Acp.Wire;

/// <summary>A request of the peer that is not answered yet.</summary>
internal sealed class IncomingRequest : IDisposable
{
    private readonly CancellationTokenSource _cancellation;

    /// <param name="id">The id as JSON; echoed as it is.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="bytes">The length of the request's line.</param>
    /// <param name="lifetime">Fires when the connection ends.</param>
    public IncomingRequest(ReadOnlySpan<byte> id, ReadOnlySpan<byte> method, int bytes, CancellationToken lifetime)
        : this(Encoding.UTF8.GetString(id), Encoding.UTF8.GetString(method), bytes, lifetime)
    {
    }

    public IncomingRequest(string id, string method, int bytes, CancellationToken lifetime)
    {
        Id = id;
        Method = method;
        Bytes = bytes;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(lifetime);
        Token = _cancellation.Token;
    }

    public string Id { get; }

    public string Method { get; }

    public int Bytes { get; }

    /// <summary>Fires when the peer cancels the request or the connection ends.</summary>
    public CancellationToken Token { get; }

    /// <summary>Ends when the answer was sent, or could not be.</summary>
    public Task Answered { get; set; } = Task.CompletedTask;

    /// <summary>Cancels the handler. What waits for its token goes on elsewhere, not in the reader loop.</summary>
    public void Cancel()
    {
        try
        {
            _ = _cancellation.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It was answered this very moment.
        }
    }

    public void Dispose() => _cancellation.Dispose();
}
