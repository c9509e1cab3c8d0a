namespace OpAgent.Acp.Tests.Connections;

/// <summary>A client's connection with an agent that the test plays by hand.</summary>
internal sealed class ClientHarness : IAsyncDisposable
{
    public ClientHarness(RecordingClient? client = null, AcpConnectionOptions? options = null)
    {
        Client = client ?? new RecordingClient();
        Connection = new AcpClientConnection(Agent.Input, Agent.Output, Client, options);
        Connection.Start();
    }

    public RawPeer Agent { get; } = new();

    public RecordingClient Client { get; }

    public AcpClientConnection Connection { get; }

    /// <summary>Ends the agent and waits until everything it sent was handled.</summary>
    public async Task EndAsync()
    {
        Agent.End();
        await Connection.Completion.Soon();
    }

    public async ValueTask DisposeAsync()
    {
        Agent.End();
        await Connection.DisposeAsync();
    }
}
