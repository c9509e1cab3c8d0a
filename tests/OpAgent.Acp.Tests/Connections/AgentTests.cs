namespace OpAgent.Acp.Tests.Connections;

public sealed class AgentTests
{
    private const string Cancelled = """{"stopReason":"cancelled"}""";
    private const string EndTurn = """{"stopReason":"end_turn"}""";

    [Fact]
    public async Task Update_BeforeTheTurnEnds_IsSentBeforeTheAnswer()
    {
        await using var harness = new AgentHarness(async (client, request, token) =>
        {
            for (var i = 0; i < 200; i++) await client.UpdateAsync(request.SessionId, new AgentMessageChunk(new TextContent($"{i}")), token);
            return StopReason.EndTurn;
        });
        await harness.PromptAsync("\"p\"");
        for (var i = 0; i < 200; i++) Assert.Equal(Lines.Update($"{i}"), await harness.Client.ReadLineAsync());
        Assert.Equal(Lines.Result("\"p\"", EndTurn), await harness.Client.ReadLineAsync());
    }

    [Fact]
    public async Task SessionCancel_RunningTurn_EndsItCancelled()
    {
        await using var harness = new AgentHarness(WaitForever);
        await harness.PromptAsync("1", "s1");
        await harness.PromptAsync("2", "s2");
        await harness.Client.SendAsync(Lines.Notification("session/cancel", """{"sessionId":"s2"}"""));
        Assert.Equal(Lines.Result("2", Cancelled), await harness.Client.ReadLineAsync());
        await harness.Client.SendAsync(Lines.Notification("session/cancel", """{"sessionId":"s\u0031"}"""));
        Assert.Equal(Lines.Result("1", Cancelled), await harness.Client.ReadLineAsync());
    }

    [Fact]
    public async Task SessionCancel_TurnThatComputes_IsHeardAtOnce()
    {
        await using var harness = new AgentHarness((_, _, token) =>
        {
            // Computes without ever waiting asynchronously.
            token.WaitHandle.WaitOne();
            return Task.FromResult(token.IsCancellationRequested ? StopReason.Cancelled : StopReason.EndTurn);
        });
        await harness.PromptAsync("1");
        await harness.Client.SendAsync(Lines.Notification("session/cancel", """{"sessionId":"s1"}"""));
        Assert.Equal(Lines.Result("1", Cancelled), await harness.Client.ReadLineAsync());
    }

    [Fact]
    public async Task SessionCancel_TurnFailsOverIt_EndsItCancelledAndReportsTheFailure()
    {
        var failures = new List<Exception>();
        await using var harness = new AgentHarness(
            async (_, _, token) =>
            {
                await Record.ExceptionAsync(() => new TaskCompletionSource().Task.WaitAsync(token));
                throw new IOException("the connection to the model broke");
            },
            new AcpConnectionOptions { HandlerFailed = (_, error) => failures.Add(error) });
        await harness.PromptAsync("1");
        await harness.Client.SendAsync(Lines.Notification("session/cancel", """{"sessionId":"s1"}"""));
        Assert.Equal(Lines.Result("1", Cancelled), await harness.Client.ReadLineAsync());
        Assert.IsType<IOException>(Assert.Single(failures));
    }

    [Fact]
    public async Task SessionCancel_NothingRuns_IsIgnored()
    {
        await using var harness = new AgentHarness((_, _, token) => Task.FromResult(token.IsCancellationRequested ? "early" : StopReason.EndTurn));
        await harness.Client.SendAsync(
            Lines.Notification("session/cancel", """{"sessionId":"s1"}"""), Lines.Notification("session/cancel", """{"sessionId":[]}"""));
        await harness.PromptAsync("1");
        Assert.Equal(Lines.Result("1", EndTurn), await harness.Client.ReadLineAsync());
        Assert.Equal(1, harness.Connection.JunkLines);
    }

    [Fact]
    public async Task CancelRequest_RunningTurn_IsAnsweredCancelled()
    {
        await using var harness = new AgentHarness(WaitForever);
        await harness.PromptAsync("1");
        await harness.Client.SendAsync(Lines.Notification("$/cancel_request", """{"requestId":1}"""));
        Assert.Equal(AcpErrorCode.RequestCancelled, (int)(await harness.Client.ReadAsync())["error"]!["code"]!);
    }

    [Fact]
    public async Task Prompt_CancelledByTheAgentItself_IsAnInternalError()
    {
        await using var harness = new AgentHarness((_, _, _) => throw new TaskCanceledException("the model took too long"));
        await harness.PromptAsync("1");
        Assert.Equal("""{"code":-32603,"message":"The request failed."}""", (await harness.Client.ReadAsync())["error"]!.ToJsonString());
    }

    [Fact]
    public async Task Prompt_ThrowsAcpException_AnswersItsCodeAndMessage()
    {
        await using var harness = new AgentHarness((_, _, _) => throw new AcpException(AcpErrorCode.ResourceNotFound, "no such session"));
        await harness.PromptAsync("1");
        Assert.Equal("""{"code":-32002,"message":"no such session"}""", (await harness.Client.ReadAsync())["error"]!.ToJsonString());
    }

    [Fact]
    public async Task Prompt_AnswerThatCannotBeWritten_IsAnInternalErrorAndTheLineStaysWhole()
    {
        await using var harness = new AgentHarness(async (client, request, token) =>
        {
            var broken = new ToolCall("t1", "x") { RawInput = default(System.Text.Json.JsonElement) };
            await Assert.ThrowsAsync<InvalidOperationException>(() => client.UpdateAsync(request.SessionId, broken, token).AsTask());
            return StopReason.EndTurn;
        });
        await harness.PromptAsync("1");
        Assert.Equal(Lines.Result("1", EndTurn), await harness.Client.ReadLineAsync());
    }

    [Theory]
    [InlineData("session/load", """{"sessionId":"s","cwd":"/","mcpServers":[]}""")]
    [InlineData("session/resume", """{"sessionId":"s","cwd":"/"}""")]
    [InlineData("session/close", """{"sessionId":"s"}""")]
    [InlineData("session/delete", """{"sessionId":"s"}""")]
    [InlineData("session/list", "{}")]
    [InlineData("session/set_mode", """{"sessionId":"s","modeId":"m"}""")]
    [InlineData("session/set_config_option", """{"sessionId":"s","configId":"c","value":"v"}""")]
    [InlineData("authenticate", """{"methodId":"m"}""")]
    [InlineData("logout", "{}")]
    [InlineData("session/fork", "{}")]
    public async Task Request_NotImplemented_AnswersMethodNotFound(string method, string parameters)
    {
        await using var harness = new AgentHarness(connection => new EchoAgent(connection));
        await harness.Client.SendAsync(Lines.Request("1", method, parameters));
        Assert.Equal(AcpErrorCode.MethodNotFound, (int)(await harness.Client.ReadAsync())["error"]!["code"]!);
    }

    [Theory]
    [InlineData("initialize", "{}")]
    [InlineData("session/new", """{"cwd":"/"}""")]
    [InlineData("session/new", """{"mcpServers":[]}""")]
    [InlineData("session/prompt", """{"sessionId":"s"}""")]
    [InlineData("session/prompt", """{"sessionId":"s","prompt":[{"type":"text"}]}""")]
    [InlineData("session/prompt", """{"sessionId":"s","prompt":["text"]}""")]
    [InlineData("session/prompt", """{"sessionId":"s","prompt":"text"}""")]
    public async Task Request_InvalidParams_IsAnsweredSo(string method, string parameters)
    {
        await using var harness = new AgentHarness(connection => new EchoAgent(connection));
        await harness.Client.SendAsync(Lines.Request("1", method, parameters));
        Assert.Equal(AcpErrorCode.InvalidParams, (int)(await harness.Client.ReadAsync())["error"]!["code"]!);
    }

    [Fact]
    public async Task Permission_SessionCancel_TheClientsAnswerCounts()
    {
        await using var harness = new AgentHarness(async (client, request, token) =>
        {
            var asked = new RequestPermissionRequest(request.SessionId, new ToolCallUpdate("t1"), []);
            var answer = await client.RequestPermissionAsync(asked, token);
            return answer.Outcome is CancelledPermissionOutcome && token.IsCancellationRequested ? StopReason.Cancelled : "wrong";
        });
        await harness.PromptAsync("1");
        Assert.Equal("session/request_permission", (string?)(await harness.Client.ReadAsync())["method"]);
        await harness.Client.SendAsync(Lines.Notification("session/cancel", """{"sessionId":"s1"}"""));
        Assert.Equal("$/cancel_request", (string?)(await harness.Client.ReadAsync())["method"]);
        await harness.Client.SendAsync(Lines.Result("1", """{"outcome":{"outcome":"cancelled"}}"""));
        Assert.Equal(Lines.Result("1", Cancelled), await harness.Client.ReadLineAsync());
    }

    [Fact]
    public async Task Permission_UnknownOutcome_AllowsNothing()
    {
        await using var harness = new AgentHarness(async (client, request, token) =>
        {
            var asked = new RequestPermissionRequest(request.SessionId, new ToolCallUpdate("t1"), []);
            return (await client.RequestPermissionAsync(asked, token)).Outcome.GetType().Name;
        });
        await harness.PromptAsync("1");
        await harness.Client.AnswerAsync("""{"outcome":{"outcome":"maybe","optionId":"yes"}}""");
        Assert.Equal(nameof(CancelledPermissionOutcome), (string?)(await harness.Client.ReadAsync())["result"]!["stopReason"]);
    }

    [Fact]
    public async Task End_RunningTurn_IsCancelledAndAnsweredBeforeTheAgentEnds()
    {
        await using var harness = new AgentHarness(async (client, request, token) =>
        {
            await Record.ExceptionAsync(() => new TaskCompletionSource().Task.WaitAsync(token));
            return "tidied up";
        });
        await harness.PromptAsync("1");
        harness.Client.End();
        Assert.Equal(Lines.Result("1", """{"stopReason":"tidied up"}"""), await harness.Client.ReadLineAsync());
        await harness.Serving.Soon();
    }

    [Fact]
    public async Task End_TurnThatDoesNotStop_EndsAfterTheTimeLimit()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var isCancelled = new TaskCompletionSource();
        await using var harness = new AgentHarness(
            async (_, _, token) =>
            {
                token.Register(isCancelled.SetResult);
                await new TaskCompletionSource().Task;
                return "never";
            },
            new AcpConnectionOptions { TimeProvider = time, CloseTimeout = TimeSpan.FromSeconds(2) });
        await harness.PromptAsync("1");
        harness.Client.End();
        await isCancelled.Task.Soon();
        Assert.False(harness.Serving.IsCompleted);
        // The limit runs from a moment just after the cancellation.
        while (!harness.Serving.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Run_TokenFires_Ends()
    {
        var harness = new AgentHarness(WaitForever);
        await harness.PromptAsync("1");
        await harness.Stop.CancelAsync();
        await harness.Serving.Soon();
    }

    [Fact]
    public async Task Update_ClientDoesNotRead_WaitsInsteadOfKeepingAll()
    {
        var sent = 0;
        var client = new RawPeer();
        var unread = new System.IO.Pipelines.Pipe(new System.IO.Pipelines.PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var blocked = new TaskCompletionSource();
        var connection = new AcpAgentConnection(client.Input, unread.Writer.AsStream(), agent => new ScriptedAgent(agent)
        {
            Turn = async (_, request, token) =>
            {
                while (true)
                {
                    var update = agent.UpdateAsync(request.SessionId, new AgentMessageChunk(new TextContent(new string('x', 1_000))), token);
                    if (!update.IsCompleted && sent > 50) blocked.TrySetResult();
                    await update;
                    sent++;
                }
            },
        }, new AcpConnectionOptions { SendBufferBytes = 64 * 1024, CloseTimeout = TimeSpan.Zero });
        var serving = connection.RunAsync(CancellationToken.None);
        await client.SendAsync(Lines.Request("1", "session/prompt", """{"sessionId":"s1","prompt":[]}"""));
        await blocked.Task.Soon();
        Assert.InRange(sent, 50, 200);
        await client.SendAsync(Lines.Notification("session/cancel", """{"sessionId":"s1"}"""));
        client.End();
        await serving.Soon();
    }

    private static async Task<string> WaitForever(AcpAgentConnection client, PromptRequest request, CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        return "never";
    }
}
