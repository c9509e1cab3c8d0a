using System.IO.Pipelines;

namespace OpAgent.Acp.Tests.Connections;

public sealed class BothSidesTests
{
    [Fact]
    public async Task Prompt_EchoAgent_EveryUpdateIsHandledBeforeTheAnswer()
    {
        var toAgent = new Pipe();
        var toClient = new Pipe();
        var agent = new AcpAgentConnection(toAgent.Reader.AsStream(), toClient.Writer.AsStream(), connection => new EchoAgent(connection));
        var serving = agent.RunAsync(TestContext.Current.CancellationToken);
        var recorder = new RecordingClient();
        await using var client = new AcpClientConnection(toClient.Reader.AsStream(), toAgent.Writer.AsStream(), recorder);
        client.Start();
        var initialized = await client.InitializeAsync(new InitializeRequest(1), TestContext.Current.CancellationToken);
        Assert.Equal("echo", initialized.AgentInfo!.Name);
        var session = await client.NewSessionAsync(new NewSessionRequest("/tmp"), TestContext.Current.CancellationToken);
        var blocks = Enumerable.Range(0, 200).Select(i => (ContentBlock)new TextContent($"{i}")).ToList();
        var answer = await client.PromptAsync(new PromptRequest(session.SessionId, blocks), TestContext.Current.CancellationToken);
        Assert.Equal(200, recorder.Updates.Count);
        Assert.Equal(StopReason.EndTurn, answer.StopReason);
        Assert.Equal("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"0"}}""", recorder.Updates.First());
        toAgent.Writer.Complete();
        await serving;
    }
}
