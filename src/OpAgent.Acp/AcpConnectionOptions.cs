namespace OpAgent.Acp;

/// <summary>The limits of a connection.</summary>
public sealed class AcpConnectionOptions
{
    /// <summary>The longest line that is accepted; a longer one is dropped while it arrives and counted as junk. 16 MiB by default.</summary>
    public int MaxLineBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// How many requests of the peer may be open at once, 1,000 by default. Those beyond are answered with an error, and once as many
    /// errors wait for a peer that does not read, they are dropped and counted as junk.
    /// </summary>
    public int MaxOpenRequests { get; init; } = 1_000;

    /// <summary>How long the lines of the open requests may be together before further ones are answered with an error. 64 MiB by default.</summary>
    public long MaxOpenRequestBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How much may wait for a peer that does not read before senders wait too. 1 MiB by default.</summary>
    public int SendBufferBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a cancelled request still waits for its answer. 5 seconds by default.</summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection that ends waits for open handlers and for what is still to be sent. 2 seconds by default.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock for the time limits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Told of every exception that a handler threw, with the method of the request or otherwise <c>line</c> or <c>batch</c>. The peer
    /// only learns that its request failed. Exceptions are swallowed when this is not set; the connection goes on in either case.
    /// </summary>
    public Action<string, Exception>? HandlerFailed { get; init; }
}
