using System.Collections.Concurrent;
using System.Text;

namespace OpAgent.Acp.Tests.Connections;

/// <summary>A client that keeps what it was told and answers permission requests as the test says.</summary>
internal sealed class RecordingClient : IAcpClient
{
    public ConcurrentQueue<string> Updates { get; } = new();

    public ConcurrentQueue<string> Sessions { get; } = new();

    public ConcurrentQueue<(string Text, JunkReason Reason)> Junk { get; } = new();

    /// <summary>How many updates there were at the end of each batch.</summary>
    public ConcurrentQueue<int> UpdatesAtBatchEnd { get; } = new();

    /// <summary>What happens before an update is kept.</summary>
    public Func<int> Updating { get; init; } = () => 0;

    public Func<RequestPermissionRequest, CancellationToken, ValueTask<RequestPermissionResponse>> Permission { get; init; } =
        (_, _) => new(RequestPermissionResponse.Cancelled);

    public void OnUpdate(ReadOnlySpan<byte> sessionId, ReadOnlySpan<byte> update)
    {
        Updating();
        Sessions.Enqueue(Encoding.UTF8.GetString(sessionId));
        Updates.Enqueue(Encoding.UTF8.GetString(update));
    }

    public void OnBatchEnd() => UpdatesAtBatchEnd.Enqueue(Updates.Count);

    public void OnJunk(JunkLine junk) => Junk.Enqueue((junk.ToString(), junk.Reason));

    public ValueTask<RequestPermissionResponse> RequestPermissionAsync(RequestPermissionRequest request, CancellationToken cancellationToken) =>
        Permission(request, cancellationToken);
}
