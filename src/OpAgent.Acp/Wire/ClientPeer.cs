using System.Text;

namespace OpAgent.Acp.Wire;

/// <summary>The client's side of a connection.</summary>
internal sealed class ClientPeer(IAcpClient client) : IPeer
{
    public bool OnNotification(in Message message)
    {
        if (!message.Method.SequenceEqual("session/update"u8)) return true;
        if (message.SessionId.IsEmpty || message.Update.IsEmpty) return false;
        client.OnUpdate(message.SessionId, message.Update);
        return true;
    }

    public ValueTask<Reply> OnRequest(in Message message, CancellationToken cancellationToken)
    {
        if (!message.Method.SequenceEqual("session/request_permission"u8))
            throw AcpException.MethodNotFound(Encoding.UTF8.GetString(message.Method));
        var request = Call.Params(message, AcpJson.Default.RequestPermissionRequest) with { RequestId = Encoding.UTF8.GetString(message.Id) };
        return Call.ReplyAsync(client.RequestPermissionAsync(request, cancellationToken), AcpJson.Default.RequestPermissionResponse);
    }

    /// <summary>Asks again for the answer to a request that came before the connection was handed over.</summary>
    public ValueTask<Reply> OnRestored(RequestPermissionRequest request, CancellationToken cancellationToken) =>
        Call.ReplyAsync(client.RequestPermissionAsync(request, cancellationToken), AcpJson.Default.RequestPermissionResponse);

    public void OnJunk(JunkLine junk) => client.OnJunk(junk);

    public void OnBatchEnd() => client.OnBatchEnd();
}
