using OpAgent.Acp.Wire;

namespace OpAgent.Acp;

/// <content>Handing the agent's streams over to another program.</content>
public sealed partial class AcpClientConnection
{
    private AcpClientConnection(Stream fromAgent, Stream toAgent, IAcpClient client, AcpConnectionState state, AcpConnectionOptions? options)
    {
        _connection = new PeerConnection(fromAgent, toAgent, new ClientPeer(client), options, state);
    }

    /// <summary>The answer to the prompt that was open when the connection was handed over; null where none was.</summary>
    public Task<PromptResponse>? RestoredPrompt => _connection.RestoredPrompt;

    /// <summary>
    /// Makes a connection that goes on where another one stood. With <see cref="Start"/>, the client is asked once more for the answers to
    /// the open requests.
    /// </summary>
    public static AcpClientConnection Restore(Stream fromAgent, Stream toAgent, IAcpClient client, AcpConnectionState state, AcpConnectionOptions? options = null) =>
        new(fromAgent, toAgent, client, state, options);

    /// <summary>Stops between two messages: from here on nothing is read, and what is sent waits in memory for as long as the agent's input takes nothing.</summary>
    public Task PauseAsync() => _connection.PauseAsync();

    /// <summary>Goes on after a pause.</summary>
    public void Resume() => _connection.Resume();

    /// <summary>
    /// Where a paused connection stands; null while something is on its way that cannot be handed over: a request that is no prompt, or an
    /// answer that is just being sent.
    /// </summary>
    /// <param name="written">How many bytes the agent's input has taken since the connection was made; it must take no more meanwhile.</param>
    /// <param name="open">The requests of the agent that the client has not answered.</param>
    public AcpConnectionState? Capture(long written, IReadOnlyList<RequestPermissionRequest> open) => _connection.Capture(written, open);
}
