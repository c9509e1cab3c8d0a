using OpAgent.Acp.Wire;

namespace OpAgent.Acp;

/// <summary>An agent's connection to its client.</summary>
/// <example>
/// A whole agent: <c>await AcpAgentConnection.RunStdioAsync(client => new EchoAgent(client));</c>
/// </example>
/// <remarks>
/// The connection does not own the streams. Cancelling a request's token sends <c>$/cancel_request</c> and waits up to
/// <see cref="AcpConnectionOptions.CancelTimeout"/> for the answer.
/// </remarks>
public sealed class AcpAgentConnection
{
    private readonly PeerConnection _connection;

    /// <summary>Makes a connection; nothing is read or written before <see cref="RunAsync"/>.</summary>
    /// <param name="fromClient">What the client sends.</param>
    /// <param name="toClient">What the client reads.</param>
    /// <param name="createAgent">Makes the agent, which gets the connection to tell the client what it does.</param>
    /// <param name="options">The connection's limits.</param>
    public AcpAgentConnection(Stream fromClient, Stream toClient, Func<AcpAgentConnection, IAcpAgent> createAgent, AcpConnectionOptions? options = null)
    {
        options ??= new AcpConnectionOptions();
        var peer = new AgentPeer(options);
        _connection = new PeerConnection(fromClient, toClient, peer, options);
        peer.Agent = createAgent(this);
    }

    /// <summary>How many lines could not be used.</summary>
    public long JunkLines => _connection.JunkLines;

    /// <summary>
    /// Runs an agent over this process's standard input and output until the input ends; for a program's <c>Main</c>. What the program
    /// writes to <see cref="Console.Out"/> goes to standard error, where it cannot break the protocol, and so does every exception
    /// that a handler threw.
    /// </summary>
    public static async Task RunStdioAsync(Func<AcpAgentConnection, IAcpAgent> createAgent, CancellationToken cancellationToken = default)
    {
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        var options = new AcpConnectionOptions { HandlerFailed = (method, error) => Console.Error.WriteLine($"{method} failed: {error}") };
        await new AcpAgentConnection(input, output, createAgent, options).RunAsync(cancellationToken);
    }

    /// <summary>
    /// Serves the client until it closes its stream or the token fires. Open turns are cancelled then and have
    /// <see cref="AcpConnectionOptions.CloseTimeout"/> to end.
    /// </summary>
    /// <exception cref="IOException">Reading from the client failed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _connection.Start();
        await using var stop = cancellationToken.UnsafeRegister(static connection => _ = ((PeerConnection)connection!).DisposeAsync(), _connection);
        await _connection.Completion;
    }

    /// <summary>Tells the client of something; ends once there is room for more, so that a slow client slows the agent down.</summary>
    /// <exception cref="AcpConnectionClosedException">The client is gone.</exception>
    public ValueTask UpdateAsync(string sessionId, SessionUpdate update, CancellationToken cancellationToken) =>
        _connection.NotifyAsync("session/update", new SessionNotification(sessionId, update), AcpJson.Default.SessionNotification, cancellationToken);

    /// <summary>Asks the user, through the client, whether a tool may run.</summary>
    /// <exception cref="AcpException">The client answered with an error.</exception>
    /// <exception cref="AcpConnectionClosedException">The client is gone.</exception>
    public Task<RequestPermissionResponse> RequestPermissionAsync(RequestPermissionRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync(
            "session/request_permission", request,
            AcpJson.Default.RequestPermissionRequest, AcpJson.Default.RequestPermissionResponse, cancellationToken);
}
