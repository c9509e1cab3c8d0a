namespace OpAgent.Acp;

/// <summary>
/// The client side of the protocol: what an agent may ask of it. All members are called from the connection's one reader loop, one
/// after the other and in the order in which the agent sent; nothing else is read meanwhile.
/// </summary>
public interface IAcpClient
{
    /// <summary>
    /// Takes one <c>session/update</c>. Both spans are valid only during the call. Must be quick, and may not wait for an answer of
    /// the agent.
    /// </summary>
    /// <param name="sessionId">The session's id as UTF-8, unescaped.</param>
    /// <param name="update">The update's JSON object exactly as the agent sent it; see <see cref="SessionUpdate.TryParse"/>.</param>
    void OnUpdate(ReadOnlySpan<byte> sessionId, ReadOnlySpan<byte> update);

    /// <summary>All complete lines that had arrived are handled, for example so that they can be written to disk at once.</summary>
    void OnBatchEnd();

    /// <summary>Takes a line that could not be used; <see cref="AcpClientConnection.JunkLines"/> counts it already.</summary>
    void OnJunk(JunkLine junk);

    /// <summary>
    /// Answers <c>session/request_permission</c>. What runs before the first wait runs within the reader loop, and so in order with
    /// the updates; the rest does not hold it up.
    /// </summary>
    /// <param name="request">What the agent asks.</param>
    /// <param name="cancellationToken">Fires when the agent takes the request back or the connection ends.</param>
    ValueTask<RequestPermissionResponse> RequestPermissionAsync(RequestPermissionRequest request, CancellationToken cancellationToken);
}
