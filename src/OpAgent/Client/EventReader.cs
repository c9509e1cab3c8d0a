using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OpAgent.Hosting;
using OpAgent.Server.Storage;

namespace OpAgent.Client;

/// <summary>Follows a conversation's events. When the host goes away, another one is started and the reader goes on after the last event it has.</summary>
internal sealed class EventReader(HostClient client, DataDirectory data)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Each event's JSON. Ends only when the conversation cannot be followed any more.</summary>
    public async IAsyncEnumerable<JsonElement> ReadAsync(string conversation, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? last = null;
        while (true)
        {
            await using var stream = await client.StreamAsync($"conversations/{conversation}/events?after={after}", last, cancellationToken);
            var events = SseParser.Create(stream, (_, bytes) => JsonElement.Parse(bytes)).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (events)
            {
                while (await TryMoveAsync(events))
                {
                    last = events.Current.EventId ?? last;
                    yield return events.Current.Data;
                }
            }

            await Task.Delay(Pause, cancellationToken);
            await HostLauncher.EnsureAsync(data, cancellationToken);
        }
    }

    private static async ValueTask<bool> TryMoveAsync(IAsyncEnumerator<SseItem<JsonElement>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return false;
        }
    }
}
