using Microsoft.Extensions.Time.Testing;
using OpAgent.Server.Tests.Runtime;

namespace OpAgent.Server.Tests.Conversations;

public sealed class EventTests
{
    [Fact]
    public async Task Follow_FromTheBeginning_HoldsTheJournalVerbatimAndThenWhatHappens()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        var started = conversation.Append("turn.started", "\"text\":\"Ümlaut, 漢字 & <b>\"");

        using var events = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events");
        var first = await events.ReadAsync();
        conversation.Append("update");
        var second = await events.ReadAsync();

        Assert.Equal(new("epoch1-1", "turn.started", started.Data.ToStringUtf8()), first);
        Assert.Equal(("epoch1-2", "update"), (second!.Id, second.Name));
        Assert.Equal("text/event-stream", events.Response.Content.Headers.ContentType?.MediaType);
        Assert.True(events.Response.Headers.CacheControl?.NoCache);
        Assert.Equal("no", events.Response.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Fact]
    public async Task Follow_OfAConversationWithoutEvents_BeginsAtOnce()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");

        using var events = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events");
        conversation.Append("turn.started");

        Assert.Equal("epoch1-1", (await events.ReadAsync())!.Id);
    }

    [Theory]
    [InlineData("?after=2", null, "epoch1-3")]
    [InlineData("?after=epoch1-2", null, "epoch1-3")]
    [InlineData("?after=0", "epoch1-3", "epoch1-4")]
    [InlineData("", "3", "epoch1-4")]
    [InlineData("?after=", null, "epoch1-1")]
    public async Task Follow_AfterANumber_BeginsWithTheNext(string query, string? lastEventId, string first)
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        foreach (var _ in Enumerable.Range(0, 5)) conversation.Append("update");

        using var events = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events{query}", lastEventId);

        Assert.Equal(first, (await events.ReadAsync())!.Id);
    }

    [Theory]
    [InlineData("epoch0-1")]
    [InlineData("nonsense")]
    [InlineData("-1")]
    [InlineData("epoch1-x")]
    public async Task Follow_FromAPlaceInNoJournal_IsReset(string lastEventId)
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        conversation.Append("update");

        using var events = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events", lastEventId);
        var reset = (await events.ReadAsync())!;
        conversation.Append("update");

        Assert.Equal(("reset", "epoch1", 2), (reset.Name, reset.Json.GetProperty("epoch").GetString(), reset.Json.GetProperty("nextSeq").GetInt64()));
        Assert.Equal("epoch1-2", (await events.ReadAsync())!.Id);
    }

    [Fact]
    public async Task Follow_WhileTheRuntimeDiesAgainAndAgain_HoldsEveryEventOnce()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        using var events = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events");

        var ids = new List<string?>();
        for (var life = 0; life < 3; life++)
        {
            foreach (var _ in Enumerable.Range(0, 50)) conversation.Append("update");
            ids.AddRange((await events.ReadAsync(25)).Select(item => item.Id));
            await host.Runtime.CrashAsync();
            foreach (var _ in Enumerable.Range(0, 10)) conversation.Append("update");
            await host.Runtime.StartAsync();
        }

        ids.AddRange((await events.ReadAsync(180 - ids.Count)).Select(item => item.Id));
        Assert.Equal(Enumerable.Range(1, 180).Select(seq => $"epoch1-{seq}"), ids);
    }

    [Fact]
    public async Task Follow_OfAConversationThatIsGone_Ends()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        using var events = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events");

        host.Runtime.Conversations.Clear();
        await host.Runtime.CrashAsync();
        await host.Runtime.StartAsync();

        Assert.Null(await events.ReadAsync());
    }

    [Fact]
    public async Task Follow_WhileNothingHappens_IsKeptOpenByComments()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var host = await HostFixture.StartAsync(fixture => fixture.Time = time);
        var conversation = host.Runtime.Add("/srv/docs");
        using var events = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events");
        await events.ReadCommentAsync();

        time.Advance(TimeSpan.FromSeconds(15));
        await events.ReadCommentAsync();
        time.Advance(TimeSpan.FromSeconds(15));
        await events.ReadCommentAsync();

        conversation.Append("update");
        Assert.Equal("epoch1-1", (await events.ReadAsync())!.Id);
    }

    [Fact]
    public async Task Follow_WhoseReaderLeaves_IsEndedAtTheRuntime()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        using (await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events"))
            await HostFixture.UntilAsync(() => Task.FromResult(conversation.Followers == 1), "the conversation is followed");

        await HostFixture.UntilAsync(() => Task.FromResult(conversation.Followers == 0), "nobody follows any more");
    }

    [Fact]
    public async Task Host_ThatEnds_EndsItsStreams()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        using var events = await ServerSentEvents.OpenAsync(host.Owner, $"conversations/{conversation.Id}/events");
        using var all = await ServerSentEvents.OpenAsync(host.Owner, "events");

        await host.StopHostAsync();

        Assert.Null(await events.ReadAsync());
    }

    [Fact]
    public async Task Watch_OfAll_HoldsWhatIsAndThenWhatChanges()
    {
        await using var host = await HostFixture.StartAsync(fixture =>
        {
            fixture.Runtime.Add("/srv/docs", "First");
            fixture.Runtime.Permissions["p1"] = PermissionTests.Request("p1");
        });
        var workspace = await host.OpenAsync();
        await HostFixture.UntilAsync(() => Task.FromResult(host.Runtime.Changes.Listeners == 1), "the host watches");

        using var events = await ServerSentEvents.OpenAsync(host.Owner, "events");
        var present = await events.ReadAsync(2);
        var second = host.Runtime.Add("/srv/docs", "Second");
        second.State = "running";
        host.Runtime.Announce(second);
        var running = (await events.ReadAsync())!;
        host.Runtime.Set(new(PermissionTests.Request("p1")) { State = "answered", Option = "allow_once", By = "alice" });
        var answered = (await events.ReadAsync())!;

        Assert.Equal(["conversation", "permission"], present.Select(item => item.Name).Order());
        Assert.Equal(("First", workspace), present.Single(item => item.Name == "conversation").Json is var first ? (first.GetProperty("title").GetString(), first.GetProperty("workspace").GetString()) : default);
        Assert.Equal(("conversation", "running", null), (running.Name, running.Json.GetProperty("state").GetString(), running.Id));
        Assert.Equal(("permission", "answered"), (answered.Name, answered.Json.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Watch_WhileTheRuntimeIsRestarted_TellsThatOpenRequestsAreLost()
    {
        await using var host = await HostFixture.StartAsync(fixture => fixture.Runtime.Permissions["p1"] = PermissionTests.Request("p1"));
        await HostFixture.UntilAsync(() => Task.FromResult(host.Runtime.Changes.Listeners == 1), "the host watches");
        using var events = await ServerSentEvents.OpenAsync(host.Owner, "events");
        Assert.Equal("pending", (await events.ReadAsync())!.Json.GetProperty("state").GetString());

        await host.Runtime.CrashAsync();
        host.Runtime.Permissions.Clear();
        await host.Runtime.StartAsync();

        Assert.Equal("cancelled", (await events.ReadAsync())!.Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Watch_AfterAWorkspaceWasForgotten_LeavesItsConversationsOut()
    {
        FakeConversation gone = null!, kept = null!;
        await using var host = await HostFixture.StartAsync(fixture => (gone, kept) = (fixture.Runtime.Add("/srv/docs"), fixture.Runtime.Add("/srv/notes")));
        var workspace = await host.OpenAsync();
        using var before = await ServerSentEvents.OpenAsync(host.Owner, "events");
        await before.ReadAsync(2);

        await host.Owner.DeleteAsync($"workspaces/{workspace}", HostFixture.Cancellation);
        host.Runtime.Forgotten = "/srv/docs";
        using var after = await ServerSentEvents.OpenAsync(host.Owner, "events");

        var first = await after.ReadAsync();
        var added = host.Runtime.Add("/srv/notes");
        host.Runtime.Announce(added);

        Assert.Equal(kept.Id, first!.Json.GetProperty("id").GetString());
        Assert.Equal(added.Id, (await after.ReadAsync())!.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Watch_AfterAFileIsGone_LeavesItsConversationOut()
    {
        FakeConversation gone = null!, kept = null!;
        await using var host = await HostFixture.StartAsync(fixture => (gone, kept) = (fixture.Runtime.Add("/srv/docs"), fixture.Runtime.Add("/srv/docs")));
        using var before = await ServerSentEvents.OpenAsync(host.Owner, "events");
        await before.ReadAsync(2);

        host.Runtime.Conversations.Remove(gone.Id, out _);
        using var after = await ServerSentEvents.OpenAsync(host.Owner, "events");
        var first = await after.ReadAsync();
        var added = host.Runtime.Add("/srv/docs");
        host.Runtime.Announce(added);

        Assert.Equal(kept.Id, first!.Json.GetProperty("id").GetString());
        Assert.Equal(added.Id, (await after.ReadAsync())!.Json.GetProperty("id").GetString());
    }
}
