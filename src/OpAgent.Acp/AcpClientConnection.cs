using OpAgent.Acp.Wire;

namespace OpAgent.Acp;

/// <summary>
/// A client's connection to an agent. Every update that the agent sent before an answer is handled before the request with that
/// answer completes.
/// </summary>
/// <remarks>
/// The connection does not own the streams: dispose them, or end the agent's process, after the connection. Cancelling a request's
/// token sends <c>$/cancel_request</c> and waits up to <see cref="AcpConnectionOptions.CancelTimeout"/> for the answer; an answer that
/// comes in time is returned, otherwise the request throws <see cref="OperationCanceledException"/>. To end a turn use
/// <see cref="CancelAsync"/> and go on waiting for the prompt's answer. File, terminal and unknown requests are answered with
/// <see cref="AcpErrorCode.MethodNotFound"/>. All requests throw <see cref="AcpException"/> for an error response and
/// <see cref="AcpConnectionClosedException"/> when the agent went away before it answered.
/// </remarks>
public sealed partial class AcpClientConnection : IAsyncDisposable
{
    private readonly PeerConnection _connection;

    /// <summary>Makes a connection over the agent's output and input; nothing is read or written before <see cref="Start"/>.</summary>
    public AcpClientConnection(Stream fromAgent, Stream toAgent, IAcpClient client, AcpConnectionOptions? options = null)
    {
        _connection = new PeerConnection(fromAgent, toAgent, new ClientPeer(client), options);
    }

    /// <summary>Ends when the agent closed its output or the connection was disposed; faults only when reading failed.</summary>
    public Task Completion => _connection.Completion;

    /// <summary>How many lines could not be used.</summary>
    public long JunkLines => _connection.JunkLines;

    /// <summary>How long these lines were together, those that were too long included as far as they have come.</summary>
    public long JunkBytes => _connection.JunkBytes;

    /// <summary>How many answers came to nothing that was asked; they were ignored.</summary>
    public long UnmatchedResponses => _connection.UnmatchedResponses;

    /// <summary>Begins to read and write.</summary>
    public void Start() => _connection.Start();

    /// <summary>Ends the connection: open requests fail, and no member of the client is called once this has returned.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Agrees on the protocol's version and tells each side what the other can do. Comes before everything else.</summary>
    public Task<InitializeResponse> InitializeAsync(InitializeRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("initialize", request, AcpJson.Default.InitializeRequest, AcpJson.Default.InitializeResponse, cancellationToken);

    /// <summary>Logs in by a method that the agent named.</summary>
    public Task<AuthenticateResponse> AuthenticateAsync(AuthenticateRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("authenticate", request, AcpJson.Default.AuthenticateRequest, AcpJson.Default.AuthenticateResponse, cancellationToken);

    /// <summary>Logs out. Needs <see cref="AgentAuthCapabilities.Logout"/>.</summary>
    public Task<LogoutResponse> LogoutAsync(LogoutRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("logout", request, AcpJson.Default.LogoutRequest, AcpJson.Default.LogoutResponse, cancellationToken);

    /// <summary>Begins a session.</summary>
    public Task<NewSessionResponse> NewSessionAsync(NewSessionRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("session/new", request, AcpJson.Default.NewSessionRequest, AcpJson.Default.NewSessionResponse, cancellationToken);

    /// <summary>Goes on with a session; its history comes as updates before the answer. Needs <see cref="AgentCapabilities.LoadSession"/>.</summary>
    public Task<LoadSessionResponse> LoadSessionAsync(LoadSessionRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("session/load", request, AcpJson.Default.LoadSessionRequest, AcpJson.Default.LoadSessionResponse, cancellationToken);

    /// <summary>Goes on with a session without its history. Needs <see cref="SessionCapabilities.Resume"/>.</summary>
    public Task<ResumeSessionResponse> ResumeSessionAsync(ResumeSessionRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("session/resume", request, AcpJson.Default.ResumeSessionRequest, AcpJson.Default.ResumeSessionResponse, cancellationToken);

    /// <summary>Ends a session. Needs <see cref="SessionCapabilities.Close"/>.</summary>
    public Task<CloseSessionResponse> CloseSessionAsync(CloseSessionRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("session/close", request, AcpJson.Default.CloseSessionRequest, AcpJson.Default.CloseSessionResponse, cancellationToken);

    /// <summary>Deletes a kept session. Needs <see cref="SessionCapabilities.Delete"/>.</summary>
    public Task<DeleteSessionResponse> DeleteSessionAsync(DeleteSessionRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("session/delete", request, AcpJson.Default.DeleteSessionRequest, AcpJson.Default.DeleteSessionResponse, cancellationToken);

    /// <summary>Lists the kept sessions. Needs <see cref="SessionCapabilities.List"/>.</summary>
    public Task<ListSessionsResponse> ListSessionsAsync(ListSessionsRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("session/list", request, AcpJson.Default.ListSessionsRequest, AcpJson.Default.ListSessionsResponse, cancellationToken);

    /// <summary>Changes the session's mode, for agents that told of <see cref="SessionState.Modes"/>.</summary>
    public Task<SetSessionModeResponse> SetModeAsync(SetSessionModeRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("session/set_mode", request, AcpJson.Default.SetSessionModeRequest, AcpJson.Default.SetSessionModeResponse, cancellationToken);

    /// <summary>Changes an option, for agents that told of <see cref="SessionState.ConfigOptions"/>.</summary>
    public Task<SetSessionConfigOptionResponse> SetConfigOptionAsync(SetSessionConfigOptionRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync(
            "session/set_config_option", request,
            AcpJson.Default.SetSessionConfigOptionRequest, AcpJson.Default.SetSessionConfigOptionResponse, cancellationToken);

    /// <summary>Begins a turn and ends with it; what the agent tells meanwhile comes to <see cref="IAcpClient.OnUpdate"/>.</summary>
    public Task<PromptResponse> PromptAsync(PromptRequest request, CancellationToken cancellationToken) =>
        _connection.RequestAsync("session/prompt", request, AcpJson.Default.PromptRequest, AcpJson.Default.PromptResponse, cancellationToken);

    /// <summary>
    /// Asks the agent to end the running turn. Open permission requests are to be answered with
    /// <see cref="RequestPermissionResponse.Cancelled"/>; the prompt then ends with <see cref="StopReason.Cancelled"/>.
    /// </summary>
    public ValueTask CancelAsync(string sessionId, CancellationToken cancellationToken) =>
        _connection.NotifyAsync("session/cancel", new CancelNotification(sessionId), AcpJson.Default.CancelNotification, cancellationToken);
}
