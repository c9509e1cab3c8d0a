namespace OpAgent.Acp.Tests.Connections;

/// <summary>An agent with a client that the test plays by hand.</summary>
internal sealed class AgentHarness : IAsyncDisposable
{
    public AgentHarness(Func<AcpAgentConnection, PromptRequest, CancellationToken, Task<string>> turn, AcpConnectionOptions? options = null)
        : this(connection => new ScriptedAgent(connection) { Turn = turn }, options)
    {
    }

    public AgentHarness(Func<AcpAgentConnection, IAcpAgent> createAgent, AcpConnectionOptions? options = null)
    {
        Connection = new AcpAgentConnection(Client.Input, Client.Output, createAgent, options);
        Serving = Connection.RunAsync(Stop.Token);
    }

    public RawPeer Client { get; } = new();

    public AcpAgentConnection Connection { get; }

    public CancellationTokenSource Stop { get; } = new();

    public Task Serving { get; }

    public Task PromptAsync(string id, string sessionId = "s1") =>
        Client.SendAsync(Lines.Request(id, "session/prompt", $$"""{"sessionId":"{{sessionId}}","prompt":[{"type":"text","text":"hi"}]}"""));

    public async ValueTask DisposeAsync()
    {
        Client.End();
        await Serving.Soon();
        Stop.Dispose();
    }
}
