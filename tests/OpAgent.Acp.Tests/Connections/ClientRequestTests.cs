using Microsoft.Extensions.Time.Testing;

namespace OpAgent.Acp.Tests.Connections;

public sealed class ClientRequestTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Request_ErrorResponse_ThrowsItsCodeAndMessage()
    {
        await using var harness = new ClientHarness();
        var session = harness.Connection.NewSessionAsync(new NewSessionRequest("/tmp"), None);
        await harness.Agent.ReadAsync();
        await harness.Agent.SendAsync("""{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"log in first","data":{"x":1}}}""");
        var error = await Assert.ThrowsAsync<AcpException>(() => session.Soon());
        Assert.Equal(AcpErrorCode.AuthenticationRequired, error.Code);
        Assert.Equal("log in first", error.Message);
    }

    [Theory]
    [InlineData("""{"code":1e99,"message":7}""")]
    [InlineData("""{}""")]
    public async Task Request_StrangeError_ThrowsAnInternalError(string error)
    {
        await using var harness = new ClientHarness();
        var session = harness.Connection.NewSessionAsync(new NewSessionRequest("/tmp"), None);
        await harness.Agent.ReadAsync();
        await harness.Agent.SendAsync($$"""{"jsonrpc":"2.0","id":1,"result":null,"error":{{error}}}""");
        Assert.Equal(AcpErrorCode.InternalError, (await Assert.ThrowsAsync<AcpException>(() => session.Soon())).Code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"sessionId":null}""")]
    [InlineData("""{"sessionId":5}""")]
    public async Task Request_AnswerWithoutWhatItNeeds_ThrowsAndNamesTheMethod(string result)
    {
        await using var harness = new ClientHarness();
        var session = harness.Connection.NewSessionAsync(new NewSessionRequest("/tmp"), None);
        await harness.Agent.AnswerAsync(result);
        var error = await Assert.ThrowsAsync<AcpException>(() => session.Soon());
        Assert.Contains("session/new", error.Message);
    }

    [Fact]
    public async Task Request_NullForAnEmptyAnswer_IsAccepted()
    {
        await using var harness = new ClientHarness();
        var mode = harness.Connection.SetModeAsync(new SetSessionModeRequest("s1", "ask"), None);
        await harness.Agent.AnswerAsync("null");
        Assert.NotNull(await mode.Soon());
    }

    [Fact]
    public async Task Response_UnknownRepeatedOrStrangeId_IsIgnoredAndCounted()
    {
        await using var harness = new ClientHarness();
        var prompt = harness.Connection.PromptAsync(new PromptRequest("s1", []), None);
        await harness.Agent.ReadAsync();
        await harness.Agent.SendAsync(
            Lines.Result("99", "{}"), Lines.Result("\"1\"", "{}"), Lines.Result("1.5", "{}"), Lines.Result("null", "{}"), Lines.Result("-1", "{}"),
            Lines.Result("1", """{"stopReason":"end_turn"}"""), Lines.Result("1", """{"stopReason":"refusal"}"""), Lines.Update("after"));
        Assert.Equal("end_turn", (await prompt.Soon()).StopReason);
        await harness.EndAsync();
        Assert.Equal(6, harness.Connection.UnmatchedResponses);
        Assert.Equal(0, harness.Connection.JunkLines);
        Assert.Single(harness.Client.Updates);
    }

    [Fact]
    public async Task Request_ManyAtOnce_LinesAreNeverInterleaved()
    {
        await using var harness = new ClientHarness();
        var prompts = Enumerable.Range(0, 200)
            .Select(i => Task.Run(() => harness.Connection.PromptAsync(new PromptRequest($"{i}", [new TextContent(new string('x', i * 100))]), None)))
            .ToList();
        for (var i = 0; i < prompts.Count; i++)
        {
            var request = await harness.Agent.ReadAsync();
            Assert.Equal(int.Parse((string)request["params"]!["sessionId"]!) * 100, ((string)request["params"]!["prompt"]![0]!["text"]!).Length);
            await harness.Agent.SendAsync(Lines.Result(request["id"]!.ToJsonString(), $$"""{"stopReason":"{{request["params"]!["sessionId"]}}"}"""));
        }
        for (var i = 0; i < prompts.Count; i++) Assert.Equal($"{i}", (await prompts[i].Soon()).StopReason);
    }

    [Fact]
    public async Task Request_AgentGoesAway_Throws()
    {
        await using var harness = new ClientHarness();
        var prompt = harness.Connection.PromptAsync(new PromptRequest("s1", []), None);
        await harness.Agent.ReadAsync();
        await harness.EndAsync();
        await Assert.ThrowsAsync<AcpConnectionClosedException>(() => prompt.Soon());
        await Assert.ThrowsAsync<AcpConnectionClosedException>(() => harness.Connection.PromptAsync(new PromptRequest("s1", []), None).Soon());
        await Assert.ThrowsAsync<AcpConnectionClosedException>(() => harness.Connection.CancelAsync("s1", None).Soon());
    }

    [Fact]
    public async Task Completion_ReadingFails_Faults()
    {
        await using var harness = new ClientHarness();
        var prompt = harness.Connection.PromptAsync(new PromptRequest("s1", []), None);
        harness.Agent.Fail(new IOException("torn"));
        Assert.Equal("torn", (await Assert.ThrowsAsync<IOException>(() => harness.Connection.Completion.Soon())).Message);
        Assert.IsType<IOException>((await Assert.ThrowsAsync<AcpConnectionClosedException>(() => prompt.Soon())).InnerException);
    }

    [Fact]
    public async Task Request_AgentDoesNotTakeInput_ThrowsAndReadingGoesOn()
    {
        var agent = new RawPeer();
        var client = new RecordingClient();
        await using var connection = new AcpClientConnection(agent.Input, new MemoryStream([], writable: false), client);
        connection.Start();
        var requests = 0;
        // The first request may be on its way before the pump learns that nobody takes it.
        while (await Record.ExceptionAsync(() => connection.CancelAsync("s1", None).AsTask()) is null) requests++;
        await agent.SendAsync(Lines.Update("still here"));
        agent.End();
        await connection.Completion.Soon();
        Assert.Single(client.Updates);
        Assert.InRange(requests, 0, 1_000_000);
    }

    [Fact]
    public async Task Dispose_StreamsThatNeverEnd_EndsAndFailsWhatIsOpen()
    {
        var agent = new RawPeer();
        var client = new RecordingClient();
        var connection = new AcpClientConnection(agent.Input, agent.Output, client);
        connection.Start();
        var prompt = connection.PromptAsync(new PromptRequest("s1", []), None);
        await agent.ReadAsync();
        await connection.DisposeAsync().Soon();
        await Assert.ThrowsAsync<AcpConnectionClosedException>(() => prompt.Soon());
        await agent.SendAsync(Lines.Update("too late"));
        Assert.Empty(client.Updates);
        Assert.True(connection.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Dispose_NeverStarted_Ends()
    {
        var agent = new RawPeer();
        var connection = new AcpClientConnection(agent.Input, agent.Output, new RecordingClient());
        await connection.DisposeAsync().Soon();
        Assert.Throws<InvalidOperationException>(connection.Start);
    }

    [Fact]
    public async Task Cancel_AgentAnswersCancelled_ThrowsOperationCanceled()
    {
        await using var harness = new ClientHarness();
        using var source = new CancellationTokenSource();
        var session = harness.Connection.NewSessionAsync(new NewSessionRequest("/tmp"), source.Token);
        await harness.Agent.ReadAsync();
        await source.CancelAsync();
        Assert.Equal("""{"jsonrpc":"2.0","method":"$/cancel_request","params":{"requestId":1}}""", (await harness.Agent.ReadAsync()).ToJsonString());
        Assert.False(session.IsCompleted);
        await harness.Agent.SendAsync("""{"jsonrpc":"2.0","id":1,"error":{"code":-32800,"message":"cancelled"}}""");
        await Assert.ThrowsAsync<OperationCanceledException>(() => session.Soon());
    }

    [Fact]
    public async Task Cancel_AgentAnswersAllTheSame_ReturnsTheAnswer()
    {
        await using var harness = new ClientHarness();
        using var source = new CancellationTokenSource();
        var session = harness.Connection.NewSessionAsync(new NewSessionRequest("/tmp"), source.Token);
        await harness.Agent.ReadAsync();
        await source.CancelAsync();
        await harness.Agent.ReadAsync();
        await harness.Agent.SendAsync(Lines.Result("1", """{"sessionId":"s1"}"""));
        Assert.Equal("s1", (await session.Soon()).SessionId);
    }

    [Fact]
    public async Task Cancel_AgentDoesNotAnswer_ThrowsAfterTheTimeLimit()
    {
        var time = new FakeTimeProvider();
        await using var harness = new ClientHarness(options: new AcpConnectionOptions { TimeProvider = time, CancelTimeout = TimeSpan.FromSeconds(5) });
        using var source = new CancellationTokenSource();
        var session = harness.Connection.NewSessionAsync(new NewSessionRequest("/tmp"), source.Token);
        await harness.Agent.ReadAsync();
        await source.CancelAsync();
        await harness.Agent.ReadAsync();
        Assert.False(session.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(source.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => session.Soon())).CancellationToken);
        await harness.Agent.SendAsync(Lines.Result("1", """{"sessionId":"s1"}"""));
        await harness.EndAsync();
        Assert.Equal(1, harness.Connection.UnmatchedResponses);
    }

    [Fact]
    public async Task Cancel_BeforeItIsSent_SendsNothing()
    {
        await using var harness = new ClientHarness();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => harness.Connection.NewSessionAsync(new NewSessionRequest("/tmp"), new CancellationToken(canceled: true)).Soon());
        await harness.Connection.CancelAsync("s1", None);
        Assert.Equal("session/cancel", (string?)(await harness.Agent.ReadAsync())["method"]);
    }
}
