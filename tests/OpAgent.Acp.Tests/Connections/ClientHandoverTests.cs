using System.Text;

namespace OpAgent.Acp.Tests.Connections;

/// <summary>One connection stops, and another goes on with the same streams.</summary>
public sealed class ClientHandoverTests
{
    [Fact]
    public async Task Restore_AfterEveryByteOfTheStream_TellsEveryMessageOnce()
    {
        string[] texts = ["a", "größer", "c\nd", "e"];
        var bytes = Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => Lines.Update(text) + "\n")));
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var agent = new RawPeer();
            var (before, after) = (new RecordingClient(), new RecordingClient());
            await using var first = new AcpClientConnection(agent.Input, agent.Output, before);
            first.Start();
            await agent.SendAsync(bytes[..cut]);
            await first.PauseAsync().Soon();
            await using var second = AcpClientConnection.Restore(agent.Input, agent.Output, after, first.Capture(0, [])!);
            second.Start();
            await agent.SendAsync(bytes[cut..]);
            agent.End();
            await second.Completion.Soon();

            Assert.Equal(texts.Select(Lines.Chunk), before.Updates.Concat(after.Updates));
            Assert.Empty(after.Junk);
        }
    }

    [Fact]
    public async Task Restore_WithAPromptThatIsNotAnswered_GetsItsAnswerAndNumbersOn()
    {
        var agent = new RawPeer();
        await using var first = new AcpClientConnection(agent.Input, agent.Output, new RecordingClient());
        first.Start();
        _ = first.PromptAsync(new PromptRequest("s1", [new TextContent("hello")]), CancellationToken.None);
        var line = await agent.ReadLineAsync();
        await first.PauseAsync().Soon();
        var state = first.Capture(Encoding.UTF8.GetByteCount(line) + 1, [])!;

        await using var second = AcpClientConnection.Restore(agent.Input, agent.Output, new RecordingClient(), state);
        second.Start();
        await agent.SendAsync(Lines.Result("1", """{"stopReason":"end_turn"}"""));
        Assert.Equal("end_turn", (await second.RestoredPrompt!.Soon()).StopReason);
        _ = second.PromptAsync(new PromptRequest("s1", []), CancellationToken.None);

        Assert.Equal((1, 2), ((int)state.PromptId!, (int)(await agent.ReadAsync())["id"]!));
        Assert.Empty(state.Unsent);
    }

    [Fact]
    public async Task Restore_WithAPromptThatTheAgentHasHalfRead_SendsTheRestOnce()
    {
        var agent = new RawPeer();
        var output = new HalfWrittenStream(taken: 10);
        await using var first = new AcpClientConnection(agent.Input, output, new RecordingClient(), new AcpConnectionOptions { SendBufferBytes = 16 });
        first.Start();
        _ = first.PromptAsync(new PromptRequest("s1", [new TextContent(new string('~', 100_000))]), CancellationToken.None);
        await output.Reached.Soon();
        // Waits for room that only a pause gives.
        var cancelling = first.CancelAsync("s1", CancellationToken.None);
        Assert.False(cancelling.IsCompleted);
        await first.PauseAsync().Soon();
        await cancelling.AsTask().Soon();
        var state = first.Capture(output.Taken.Length, [])!;

        await using var second = AcpClientConnection.Restore(agent.Input, agent.Output, new RecordingClient(), state);
        second.Start();
        var prompt = Encoding.UTF8.GetString(output.Taken) + await agent.ReadLineAsync();

        Assert.StartsWith("""{"jsonrpc":"2.0","method":"session/prompt","id":1,""", prompt);
        Assert.Equal(100_000, prompt.Count(c => c == '~'));
        Assert.Equal("session/cancel", (string)(await agent.ReadAsync())["method"]!);
        output.Release();
    }

    [Fact]
    public async Task Restore_WithAnOpenRequest_AsksTheClientAgainAndAnswersTheAgent()
    {
        var agent = new RawPeer();
        var asked = new TaskCompletionSource<RequestPermissionRequest>();
        var never = new TaskCompletionSource<RequestPermissionResponse>();
        await using var first = new AcpClientConnection(agent.Input, agent.Output, new RecordingClient { Permission = (request, _) => { asked.SetResult(request); return new(never.Task); } });
        first.Start();
        await agent.SendAsync(Lines.Permission("\"q-1\""));
        var open = await asked.Task.Soon();
        await first.PauseAsync().Soon();
        var state = first.Capture(0, [open])!;

        RequestPermissionRequest? again = null;
        await using var second = AcpClientConnection.Restore(agent.Input, agent.Output, new RecordingClient { Permission = (request, _) => { again = request; return new(RequestPermissionResponse.Selected("yes")); } }, state);
        second.Start();

        Assert.Equal(Lines.Result("\"q-1\"", """{"outcome":{"outcome":"selected","optionId":"yes"}}"""), await agent.ReadLineAsync());
        Assert.Same(open, again);
        // A request that this side does not know of is on its way: that cannot be handed over.
        Assert.Null(first.Capture(0, []));
        never.SetResult(RequestPermissionResponse.Cancelled);
    }

    [Fact]
    public async Task Restore_InTheMiddleOfALineThatIsTooLong_DropsItsRest()
    {
        var agent = new RawPeer();
        var (before, after) = (new RecordingClient(), new RecordingClient());
        var options = new AcpConnectionOptions { MaxLineBytes = 200 };
        await using var first = new AcpClientConnection(agent.Input, agent.Output, before, options);
        first.Start();
        await agent.SendAsync(Encoding.UTF8.GetBytes(new string('x', 1000)));
        while (before.Junk.IsEmpty) await Task.Yield();
        await first.PauseAsync().Soon();

        await using var second = AcpClientConnection.Restore(agent.Input, agent.Output, after, first.Capture(0, [])!, options);
        second.Start();
        await agent.SendAsync(new string('y', 10), Lines.Update("a"));
        agent.End();
        await second.Completion.Soon();

        Assert.Single(before.Junk);
        Assert.Empty(after.Junk);
        Assert.Equal([Lines.Chunk("a")], after.Updates);
        Assert.Equal(1, second.JunkLines);
    }

    [Fact]
    public async Task Resume_AfterAPause_GoesOnAsBefore()
    {
        await using var harness = new ClientHarness();
        await harness.Connection.PauseAsync().Soon();
        await harness.Agent.SendAsync(Lines.Update("a"));
        var prompt = harness.Connection.PromptAsync(new PromptRequest("s1", []), CancellationToken.None);
        await harness.Agent.ReadAsync();
        Assert.Empty(harness.Client.Updates);

        harness.Connection.Resume();
        await harness.Agent.SendAsync(Lines.Result("1", """{"stopReason":"end_turn"}"""));

        Assert.Equal("end_turn", (await prompt.Soon()).StopReason);
        Assert.Equal([Lines.Chunk("a")], harness.Client.Updates);
    }

    /// <summary>Takes the beginning of what is written, and then nothing until it is released.</summary>
    private sealed class HalfWrittenStream(int taken) : MemoryStream
    {
        private readonly TaskCompletionSource _reached = new(), _released = new();

        public Task Reached => _reached.Task;

        public byte[] Taken { get; private set; } = [];

        public void Release() => _released.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Taken = buffer[..taken].ToArray();
            _reached.TrySetResult();
            await _released.Task;
        }
    }
}
