using OpAgent.Acp;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sessions;

/// <summary>What happens in an agent's session, told in order. All but the permission request must return quickly.</summary>
internal interface ISessionEvents
{
    /// <summary>The agent's process is there and nothing of what it says was read yet.</summary>
    void OnAgentStarted(string agent, string version, ChildProcess process);

    /// <summary>One update, verbatim; valid during the call only.</summary>
    void OnUpdate(ReadOnlySpan<byte> update);

    /// <summary>Everything that had arrived was handled.</summary>
    void OnBatchEnd();

    /// <summary>The first line on stdout that was not protocol, or its beginning.</summary>
    void OnJunk(string line);

    /// <summary>The agent asks; completes with the answer.</summary>
    ValueTask<RequestPermissionResponse> OnPermissionRequested(RequestPermissionRequest request, CancellationToken cancellationToken);

    /// <summary>Handling something that the agent sent failed, on this side; the session goes on. Told a few times at most.</summary>
    /// <param name="handler">The method of a request, or <c>line</c> or <c>batch</c>.</param>
    void OnHandlerFailed(string handler, Exception error);

    /// <summary>The agent's process has ended and all its output was handled.</summary>
    void OnAgentExited(AgentSession session, ProcessExit exit, string stderr);
}
