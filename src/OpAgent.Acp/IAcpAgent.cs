namespace OpAgent.Acp;

/// <summary>
/// An agent: what a client may ask of it. Requests begin in the order in which they came and do not wait for each other. Throw
/// <see cref="AcpException"/> to answer with an error; every other exception is answered as an internal error without its text.
/// </summary>
public interface IAcpAgent
{
    /// <summary>Answers <c>initialize</c>, the first request of a connection. Answer with <see cref="AcpProtocol.Version"/>.</summary>
    ValueTask<InitializeResponse> InitializeAsync(InitializeRequest request, CancellationToken cancellationToken);

    /// <summary>Begins a session.</summary>
    ValueTask<NewSessionResponse> NewSessionAsync(NewSessionRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a turn, on a thread of its own. Tell what happens by <see cref="AcpAgentConnection.UpdateAsync"/>; what was sent before
    /// this returns reaches the client before the answer.
    /// </summary>
    /// <param name="request">What the user says.</param>
    /// <param name="cancellationToken">
    /// Fires when the client cancels the turn or the request, or is gone. A turn that <c>session/cancel</c> ended is answered with
    /// <see cref="StopReason.Cancelled"/> also when this throws.
    /// </param>
    ValueTask<PromptResponse> PromptAsync(PromptRequest request, CancellationToken cancellationToken);

    /// <summary>Logs in. Needed when <see cref="InitializeResponse.AuthMethods"/> names a method.</summary>
    ValueTask<AuthenticateResponse> AuthenticateAsync(AuthenticateRequest request, CancellationToken cancellationToken) =>
        throw AcpException.MethodNotFound("authenticate");

    /// <summary>Logs out. Advertise it by <see cref="AgentAuthCapabilities.Logout"/>.</summary>
    ValueTask<LogoutResponse> LogoutAsync(LogoutRequest request, CancellationToken cancellationToken) =>
        throw AcpException.MethodNotFound("logout");

    /// <summary>Goes on with a session after its history was sent as updates. Advertise it by <see cref="AgentCapabilities.LoadSession"/>.</summary>
    ValueTask<LoadSessionResponse> LoadSessionAsync(LoadSessionRequest request, CancellationToken cancellationToken) =>
        throw AcpException.MethodNotFound("session/load");

    /// <summary>Goes on with a session without its history. Advertise it by <see cref="SessionCapabilities.Resume"/>.</summary>
    ValueTask<ResumeSessionResponse> ResumeSessionAsync(ResumeSessionRequest request, CancellationToken cancellationToken) =>
        throw AcpException.MethodNotFound("session/resume");

    /// <summary>Ends a session. Advertise it by <see cref="SessionCapabilities.Close"/>.</summary>
    ValueTask<CloseSessionResponse> CloseSessionAsync(CloseSessionRequest request, CancellationToken cancellationToken) =>
        throw AcpException.MethodNotFound("session/close");

    /// <summary>Deletes a kept session. Advertise it by <see cref="SessionCapabilities.Delete"/>.</summary>
    ValueTask<DeleteSessionResponse> DeleteSessionAsync(DeleteSessionRequest request, CancellationToken cancellationToken) =>
        throw AcpException.MethodNotFound("session/delete");

    /// <summary>Lists the kept sessions. Advertise it by <see cref="SessionCapabilities.List"/>.</summary>
    ValueTask<ListSessionsResponse> ListSessionsAsync(ListSessionsRequest request, CancellationToken cancellationToken) =>
        throw AcpException.MethodNotFound("session/list");

    /// <summary>Changes the mode. Needed when a session has <see cref="SessionState.Modes"/>.</summary>
    ValueTask<SetSessionModeResponse> SetModeAsync(SetSessionModeRequest request, CancellationToken cancellationToken) =>
        throw AcpException.MethodNotFound("session/set_mode");

    /// <summary>Changes an option. Needed when a session has <see cref="SessionState.ConfigOptions"/>.</summary>
    ValueTask<SetSessionConfigOptionResponse> SetConfigOptionAsync(SetSessionConfigOptionRequest request, CancellationToken cancellationToken) =>
        throw AcpException.MethodNotFound("session/set_config_option");
}
