namespace OpAgent.Acp.Tests.Connections;

public sealed class ClientPermissionTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("-7")]
    [InlineData("1.5e3")]
    [InlineData("9007199254740993123")]
    [InlineData("\"abc\"")]
    [InlineData("\"\\u0041 \\\\ \\\" é\"")]
    [InlineData("null")]
    public async Task Request_AnyId_IsEchoedVerbatim(string id)
    {
        await using var harness = new ClientHarness(Answering("yes"));
        await harness.Agent.SendAsync(Lines.Permission(id));
        Assert.Equal(
            Lines.Result(id, """{"outcome":{"outcome":"selected","optionId":"yes"}}"""),
            await harness.Agent.ReadLineAsync());
    }

    [Fact]
    public async Task Request_Parts_AreTypedAndVerbatim()
    {
        RequestPermissionRequest? asked = null;
        var client = new RecordingClient { Permission = (request, _) => { asked = request; return new(RequestPermissionResponse.Cancelled); } };
        await using var harness = new ClientHarness(client);
        await harness.Agent.SendAsync(Lines.Permission("1"));
        Assert.Equal("""{"outcome":"cancelled"}""", (await harness.Agent.ReadAsync())["result"]!["outcome"]!.ToJsonString());
        Assert.Equal("t1", asked!.ToolCall.ToolCallId);
        Assert.Equal("allow_once", Assert.Single(asked.Options).Kind);
        Assert.Equal("""{"toolCallId":"t1","x":1}""", asked.RawToolCall.GetRawText());
        Assert.Equal("""[{"optionId":"yes","name":"Yes","kind":"allow_once"}]""", asked.RawOptions.GetRawText());
    }

    [Fact]
    public async Task Request_BetweenUpdates_BeginsInOrderAndHoldsNothingUp()
    {
        var seen = new List<string>();
        var decided = new TaskCompletionSource<RequestPermissionResponse>();
        var client = new RecordingClient
        {
            Updating = () => { seen.Add("update"); return 0; },
            Permission = (request, _) => { seen.Add(request.ToolCall.ToolCallId); return new(decided.Task); },
        };
        await using var harness = new ClientHarness(client);
        await harness.Agent.SendAsync(Lines.Update("a"), Lines.Permission("1", "first"), Lines.Update("b"), Lines.Permission("2", "second"), Lines.Request("3", "x"));
        Assert.Equal(3, (int)(await harness.Agent.ReadAsync())["id"]!);
        Assert.Equal(["update", "first", "update", "second"], seen);
        decided.SetResult(RequestPermissionResponse.Selected("yes"));
        Assert.Equal([1, 2], new[] { (int)(await harness.Agent.ReadAsync())["id"]!, (int)(await harness.Agent.ReadAsync())["id"]! }.Order());
    }

    [Fact]
    public async Task Request_HandlerAsksTheAgent_DoesNotDeadlock()
    {
        ClientHarness harness = null!;
        var client = new RecordingClient
        {
            Permission = async (_, token) =>
            {
                await harness.Connection.SetModeAsync(new SetSessionModeRequest("s1", "ask"), token);
                return RequestPermissionResponse.Selected("yes");
            },
        };
        await using (harness = new ClientHarness(client))
        {
            await harness.Agent.SendAsync(Lines.Permission("\"p\""));
            await harness.Agent.AnswerAsync("{}");
            Assert.Equal("p", (string?)(await harness.Agent.ReadAsync())["id"]);
        }
    }

    [Fact]
    public async Task Request_HandlerThrows_AnswersWithoutItsText()
    {
        var failures = new List<(string Method, Exception Error)>();
        var client = new RecordingClient { Permission = (_, _) => throw new InvalidOperationException("secret path /home/alice") };
        await using var harness = new ClientHarness(client, new AcpConnectionOptions { HandlerFailed = (method, error) => failures.Add((method, error)) });
        await harness.Agent.SendAsync(Lines.Permission("1"));
        Assert.Equal("""{"code":-32603,"message":"The request failed."}""", (await harness.Agent.ReadAsync())["error"]!.ToJsonString());
        Assert.Equal("session/request_permission", Assert.Single(failures).Method);
    }

    [Theory]
    [InlineData("fs/read_text_file", -32601)]
    [InlineData("fs/write_text_file", -32601)]
    [InlineData("terminal/create", -32601)]
    [InlineData("elicitation/create", -32601)]
    [InlineData("session/prompt", -32601)]
    [InlineData("_vendor/x", -32601)]
    [InlineData("session/request_permission", -32602)]
    public async Task Request_UnknownOrInvalid_AnswersAnError(string method, int code)
    {
        await using var harness = new ClientHarness();
        await harness.Agent.SendAsync(Lines.Request("1", method), $$"""{"jsonrpc":"2.0","id":2,"method":"{{method}}"}""");
        Assert.Equal(code, (int)(await harness.Agent.ReadAsync())["error"]!["code"]!);
        Assert.Equal(code, (int)(await harness.Agent.ReadAsync())["error"]!["code"]!);
    }

    [Theory]
    [InlineData("""{"toolCall":{"toolCallId":"t"},"options":[]}""")]
    [InlineData("""{"sessionId":"s","options":[]}""")]
    [InlineData("""{"sessionId":"s","toolCall":{"toolCallId":"t"}}""")]
    [InlineData("""{"sessionId":"s","toolCall":{},"options":[]}""")]
    [InlineData("""{"sessionId":"s","toolCall":[],"options":[]}""")]
    [InlineData("""{"sessionId":"s","toolCall":null,"options":[]}""")]
    [InlineData("""{"sessionId":"s","toolCall":{"toolCallId":"t"},"options":null}""")]
    [InlineData("""{"sessionId":"s","toolCall":{"toolCallId":"t"},"options":[null]}""")]
    [InlineData("""{"sessionId":"s","toolCall":{"toolCallId":"t"},"options":[{}]}""")]
    [InlineData("""{"sessionId":4,"toolCall":{"toolCallId":"t"},"options":[]}""")]
    [InlineData("""[]""")]
    public async Task Request_InvalidPermission_AnswersInvalidParams(string parameters)
    {
        await using var harness = new ClientHarness();
        await harness.Agent.SendAsync(Lines.Request("1", "session/request_permission", parameters));
        Assert.Equal(AcpErrorCode.InvalidParams, (int)(await harness.Agent.ReadAsync())["error"]!["code"]!);
    }

    [Fact]
    public async Task CancelRequest_OpenPermission_FiresItsTokenAndAnswersCancelled()
    {
        var client = new RecordingClient { Permission = WaitForever };
        await using var harness = new ClientHarness(client);
        await harness.Agent.SendAsync(
            Lines.Permission("\"p\\u0031\""), Lines.Permission("2"),
            Lines.Notification("$/cancel_request", """{"requestId":"p\u0031"}"""), Lines.Notification("$/cancel_request", """{"requestId":77}"""));
        var answer = await harness.Agent.ReadAsync();
        Assert.Equal("p1", (string?)answer["id"]);
        Assert.Equal(AcpErrorCode.RequestCancelled, (int)answer["error"]!["code"]!);
    }

    [Fact]
    public async Task End_OpenPermission_FiresItsToken()
    {
        var fired = new TaskCompletionSource();
        var client = new RecordingClient
        {
            Permission = async (_, token) =>
            {
                using var registration = token.Register(fired.SetResult);
                await fired.Task;
                return RequestPermissionResponse.Cancelled;
            },
        };
        await using var harness = new ClientHarness(client);
        await harness.Agent.SendAsync(Lines.Permission("1"));
        await harness.EndAsync();
        await fired.Task.Soon();
    }

    [Fact]
    public async Task Request_IdThatIsOpen_AnswersInvalidRequest()
    {
        var client = new RecordingClient { Permission = WaitForever };
        await using var harness = new ClientHarness(client);
        await harness.Agent.SendAsync(Lines.Permission("1"), Lines.Permission("1"), Lines.Notification("$/cancel_request", """{"requestId":1}"""));
        Assert.Equal(AcpErrorCode.InvalidRequest, (int)(await harness.Agent.ReadAsync())["error"]!["code"]!);
        Assert.Equal(AcpErrorCode.RequestCancelled, (int)(await harness.Agent.ReadAsync())["error"]!["code"]!);
    }

    [Fact]
    public async Task Request_TooManyOpen_AnswersAnErrorAndGoesOn()
    {
        var client = new RecordingClient { Permission = WaitForever };
        await using var harness = new ClientHarness(client, new AcpConnectionOptions { MaxOpenRequests = 10 });
        await harness.Agent.SendAsync([.. Enumerable.Range(0, 12).Select(i => Lines.Permission($"{i}")), Lines.Update("after")]);
        foreach (var id in (int[])[10, 11])
        {
            var answer = await harness.Agent.ReadAsync();
            Assert.Equal(id, (int)answer["id"]!);
            Assert.Equal(AcpErrorCode.InternalError, (int)answer["error"]!["code"]!);
        }
        await harness.Agent.SendAsync(Lines.Notification("$/cancel_request", """{"requestId":3}"""));
        Assert.Equal(3, (int)(await harness.Agent.ReadAsync())["id"]!);
        await harness.Agent.SendAsync(Lines.Permission("12"), Lines.Notification("$/cancel_request", """{"requestId":12}"""));
        Assert.Equal(AcpErrorCode.RequestCancelled, (int)(await harness.Agent.ReadAsync())["error"]!["code"]!);
        Assert.Single(client.Updates);
    }

    [Fact]
    public async Task Request_PeerThatNeverReads_DoesNotHoldUpTheUpdates()
    {
        var agent = new RawPeer();
        var client = new RecordingClient();
        var options = new AcpConnectionOptions { SendBufferBytes = 4_096, MaxOpenRequests = 100, CloseTimeout = TimeSpan.Zero };
        await using var connection = new AcpClientConnection(agent.Input, new UnreadStream(), client, options);
        connection.Start();
        var lines = Enumerable.Range(0, 1_000).SelectMany(i => (string[])[Lines.Request($"{i}", "x"), Lines.Update($"{i}")]).ToArray();
        await agent.SendAsync(lines);
        agent.End();
        await connection.Completion.Soon();
        Assert.Equal(1_000, client.Updates.Count);
        Assert.All(client.Junk, junk => Assert.Equal(JunkReason.TooManyRequests, junk.Reason));
        Assert.InRange(client.Junk.Count, 1, 800);
    }

    private static RecordingClient Answering(string optionId) => new() { Permission = (_, _) => new(RequestPermissionResponse.Selected(optionId)) };

    private static async ValueTask<RequestPermissionResponse> WaitForever(RequestPermissionRequest request, CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        return RequestPermissionResponse.Cancelled;
    }

    /// <summary>A pipe that is full: what is written to it never gets through.</summary>
    private sealed class UnreadStream : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }
}
