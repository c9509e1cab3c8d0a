using System.Text.Json.Nodes;
using OpAgent.Acp.Tests.Connections;

namespace OpAgent.Acp.Tests.Schema;

/// <summary>Every kind of line that either side sends, as it went over the pipe.</summary>
public sealed class WireSchemaTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Lines_WholeSession_FitTheSchema()
    {
        var client = new RecordingClient { Permission = (request, _) => new(RequestPermissionResponse.Selected(request.Options[0].OptionId)) };
        await using var sides = new TwoSides(connection => new ScriptedAgent(connection) { Turn = TellEverything }, client);
        await CallEverything(sides.Client);

        var requests = CheckRequests(sides.LinesToAgent).Concat(CheckRequests(sides.LinesToClient)).ToList();
        CheckResponses(sides.LinesToClient, sides.LinesToAgent);
        CheckResponses(sides.LinesToAgent, sides.LinesToClient);
        string[] expected =
        [
            "authenticate", "initialize", "logout", "session/cancel", "session/close", "session/delete", "session/list", "session/load", "session/new",
            "session/prompt", "session/request_permission", "session/resume", "session/set_config_option", "session/set_mode", "session/update",
        ];
        Assert.Equal(expected, requests.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(EveryUpdate.All.Count, client.Updates.Count);
        Assert.Equal(0, sides.Client.JunkLines);
    }

    private static async Task CallEverything(AcpClientConnection client)
    {
        IReadOnlyList<McpServer> servers =
        [
            new McpServerStdio("files", "/usr/bin/files") { Args = ["--ro"], Env = [new EnvVariable("A", "b")] },
            new McpServerHttp("web", "http://127.0.0.1/mcp") { Headers = [new HttpHeader("Authorization", "Bearer x")] },
            new McpServerSse("old", "http://127.0.0.1/sse"),
        ];
        await client.InitializeAsync(new InitializeRequest(AcpProtocol.Version) { ClientInfo = new Implementation("test", "1") }, None).Soon();
        await client.AuthenticateAsync(new AuthenticateRequest("key"), None).Soon();
        await client.NewSessionAsync(new NewSessionRequest("/work") { McpServers = servers, AdditionalDirectories = ["/more"] }, None).Soon();
        await client.LoadSessionAsync(new LoadSessionRequest("s1", "/work") { McpServers = servers }, None).Soon();
        await client.ResumeSessionAsync(new ResumeSessionRequest("s1", "/work"), None).Soon();
        await client.SetModeAsync(new SetSessionModeRequest("s1", "code"), None).Soon();
        await client.SetConfigOptionAsync(new SetSelectConfigOptionRequest("s1", "model", "small"), None).Soon();
        await client.SetConfigOptionAsync(new SetBooleanConfigOptionRequest("s1", "web", true), None).Soon();
        await client.CancelAsync("s1", None).Soon();
        var prompt = new PromptRequest("s1", [new TextContent("hi"), new ResourceLink("a.md", "file:///srv/a.md")]);
        Assert.Equal(StopReason.EndTurn, (await client.PromptAsync(prompt, None).Soon()).StopReason);
        var sessions = await client.ListSessionsAsync(new ListSessionsRequest { Cwd = "/work", Cursor = "c" }, None).Soon();
        Assert.Equal("A title", Assert.Single(sessions.Sessions).Title);
        await client.CloseSessionAsync(new CloseSessionRequest("s1"), None).Soon();
        await client.DeleteSessionAsync(new DeleteSessionRequest("s1"), None).Soon();
        await client.LogoutAsync(new LogoutRequest(), None).Soon();
    }

    private static async Task<string> TellEverything(AcpAgentConnection client, PromptRequest request, CancellationToken cancellationToken)
    {
        foreach (var update in EveryUpdate.All) await client.UpdateAsync(request.SessionId, update, cancellationToken);
        var asked = new RequestPermissionRequest(
            request.SessionId,
            new ToolCallUpdate("t1") { Title = "Edit", Content = [new ToolCallDiff("/srv/a.md", "new")] },
            [new PermissionOption("yes", "Yes", PermissionOptionKind.AllowOnce), new PermissionOption("no", "No", PermissionOptionKind.RejectOnce)]);
        var answer = await client.RequestPermissionAsync(asked, cancellationToken);
        return Assert.IsType<SelectedPermissionOutcome>(answer.Outcome).OptionId is "yes" ? StopReason.EndTurn : StopReason.Refusal;
    }

    /// <summary>Checks requests and notifications, and gives their methods.</summary>
    private static IEnumerable<string> CheckRequests(string[] lines)
    {
        foreach (var line in lines)
        {
            var message = JsonNode.Parse(line)!;
            Assert.Equal("2.0", (string?)message["jsonrpc"]);
            if ((string?)message["method"] is not { } method) continue;
            var definition = AcpSchema.Message(method, message["id"] is null ? "Notification" : "Request");
            Assert.Empty(AcpSchema.Validate(definition, message["params"]));
            yield return method;
        }
    }

    private static void CheckResponses(string[] responses, string[] requests)
    {
        var methods = requests.Select(line => JsonNode.Parse(line)!)
            .Where(message => message["method"] is not null && message["id"] is not null)
            .ToDictionary(message => message["id"]!.ToJsonString(), message => (string)message["method"]!);
        var answered = 0;
        foreach (var message in responses.Select(line => JsonNode.Parse(line)!).Where(message => message["method"] is null))
        {
            Assert.Empty(AcpSchema.Validate(AcpSchema.Message(methods[message["id"]!.ToJsonString()], "Response"), message["result"]));
            answered++;
        }
        Assert.Equal(methods.Count, answered);
    }
}
