using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using OpAgent.Server.Tests.Runtime;

namespace OpAgent.Server.Tests.Conversations;

/// <summary>Readers that ask for a conversation's events and do not take them.</summary>
public sealed class SlowReaderTests
{
    private const int Events = 64;

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
