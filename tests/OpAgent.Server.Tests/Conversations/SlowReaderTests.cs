using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OpAgent.Server.Tests.Runtime;

namespace OpAgent.Server.Tests.Conversations;

/// <summary>Readers that ask for a conversation's events and do not take them.</summary>
public sealed class SlowReaderTests
{
    private const int Events = 64;

    [Fact]
    public async Task Follow_ByAReaderThatTakesNothing_IsCutOffAndGoesOnByNumber()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var host = await HostFixture.StartAsync(fixture => fixture.Time = time);
        var conversation = host.Runtime.Add("/srv/docs");
        using var slow = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events");
        await slow.ReadCommentAsync();
        using var other = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events");
        AppendMuch(conversation);

        Assert.Equal(Events, (await other.ReadAsync(Events)).Count);
        await HostFixture.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(20));
            return Task.FromResult(conversation.Followers == 1);
        }, "the slow one is cut off");

        var last = 0L;
        try
        {
            while (await slow.ReadAsync() is { } item) Assert.Equal($"epoch1-{++last}", item.Id);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            // The connection was ended in the middle of an event.
        }

        Assert.InRange(last, 0, Events - 1);
        using var again = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events", $"epoch1-{last}");
        Assert.Equal($"epoch1-{last + 1}", (await again.ReadAsync())!.Id);
    }

    [Fact]
    public async Task Follow_OverTheHubByAReaderThatTakesNothing_IsCutOff()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        using var hub = new ClientWebSocket();
        hub.Options.SetRequestHeader("Authorization", $"Bearer {await host.CreateTokenAsync()}");
        await hub.ConnectAsync(new Uri($"ws://{host.Url.Authority}/hubs/v1"), HostFixture.Cancellation);
        await SendAsync(hub, """{"protocol":"json","version":1}""");
        await SendAsync(hub, $$"""{"type":4,"invocationId":"1","target":"Follow","arguments":["{{conversation.Id}}",0]}""");
        await HostFixture.UntilAsync(() => Task.FromResult(conversation.Followers == 1), "the conversation is followed");

        AppendMuch(conversation);

        await HostFixture.UntilAsync(() => Task.FromResult(conversation.Followers == 0), "the slow one is cut off");
        using var others = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events", $"epoch1-{Events - 1}");
        Assert.Equal($"epoch1-{Events}", (await others.ReadAsync())!.Id);
    }

    // More than the buffers of a connection hold.
    private static void AppendMuch(FakeConversation conversation)
    {
        var text = JsonSerializer.Serialize(new string('x', 1_000_000));
        for (var i = 0; i < Events; i++) conversation.Append("update", $"\"update\":{{\"sessionUpdate\":\"agent_message_chunk\",\"content\":{{\"type\":\"text\",\"text\":{text}}}}}");
    }

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, endOfMessage: true, HostFixture.Cancellation);
}
