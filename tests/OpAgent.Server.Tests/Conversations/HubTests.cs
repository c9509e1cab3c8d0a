using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace OpAgent.Server.Tests.Conversations;

public sealed class HubTests
{
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    public async Task Follow_OverTheHub_HoldsTheSameEvents(HttpTransportType transport)
    {
        await using var host = await HostFixture.StartAsync();
        await using var hub = await ConnectAsync(host, transport);
        var conversation = host.Runtime.Add("/srv/docs");
        conversation.Append("turn.started");
        conversation.Append("update");

        await using var after = hub.StreamAsync<JsonElement>("Follow", conversation.Id, 1, HostFixture.Cancellation).GetAsyncEnumerator(HostFixture.Cancellation);
        await using var afterEpoch = hub.StreamAsync<JsonElement>("Follow", conversation.Id, "epoch0-1", HostFixture.Cancellation).GetAsyncEnumerator(HostFixture.Cancellation);

        Assert.True(await after.MoveNextAsync() && await afterEpoch.MoveNextAsync());
        Assert.Equal(("epoch1", 2, "update"), (after.Current.GetProperty("epoch").GetString(), after.Current.GetProperty("seq").GetInt64(), after.Current.GetProperty("kind").GetString()));
        Assert.Equal(("reset", 3), (afterEpoch.Current.GetProperty("kind").GetString(), afterEpoch.Current.GetProperty("nextSeq").GetInt64()));
    }

    [Fact]
    public async Task PromptCancelAndAnswer_OverTheHub_ReachTheRuntime()
    {
        await using var host = await HostFixture.StartAsync();
        await using var hub = await ConnectAsync(host, HttpTransportType.WebSockets);
        var conversation = host.Runtime.Add("/srv/docs");
        host.Runtime.Set(PermissionTests.Request("p1"));

        var accepted = await hub.InvokeAsync<JsonElement>("Prompt", conversation.Id, new string('x', 1_000_000), (string[])["a.md"], false, HostFixture.Cancellation);
        var cancelled = await hub.InvokeAsync<JsonElement>("Cancel", conversation.Id, HostFixture.Cancellation);
        var answered = await hub.InvokeAsync<JsonElement>("Answer", "p1", "reject_once", HostFixture.Cancellation);

        Assert.Equal(1, accepted.GetProperty("seq").GetInt64());
        Assert.Equal(conversation.Id, cancelled.GetProperty("id").GetString());
        Assert.Equal("reject_once", answered.GetProperty("option").GetString());
        Assert.Equal(1_000_000, host.Runtime.Commands.Values.Single().Request.Text.Length);
    }

    [Fact]
    public async Task Refusal_OverTheHub_CarriesTypeAndWords()
    {
        await using var host = await HostFixture.StartAsync();
        await using var hub = await ConnectAsync(host, HttpTransportType.WebSockets);
        var unknown = Guid.CreateVersion7().ToString();

        var prompt = await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<JsonElement>("Prompt", unknown, "Hello", null, null, HostFixture.Cancellation));
        var follow = await Assert.ThrowsAsync<HubException>(async () => await hub.StreamAsync<JsonElement>("Follow", unknown, 0, HostFixture.Cancellation).GetAsyncEnumerator().MoveNextAsync());

        Assert.Contains("conversation-not-found: No conversation", prompt.Message);
        Assert.Contains("conversation-not-found: No conversation", follow.Message);
    }

    [Fact]
    public async Task Call_WithTooFewArguments_SaysHowManyThereAreToBe()
    {
        await using var host = await HostFixture.StartAsync();
        await using var hub = await ConnectAsync(host, HttpTransportType.WebSockets);

        var prompt = await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<JsonElement>("Prompt", "conversation", "Hello", HostFixture.Cancellation));

        Assert.Contains("provides 2 argument(s) but target expects 4", prompt.Message);
    }

    private static async Task<HubConnection> ConnectAsync(HostFixture host, HttpTransportType transport)
    {
        var token = await host.CreateTokenAsync();
        var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(host.Url, "/hubs/v1"), transport, options => options.AccessTokenProvider = () => Task.FromResult<string?>(token))
            .Build();
        await hub.StartAsync(HostFixture.Cancellation);
        return hub;
    }
}
