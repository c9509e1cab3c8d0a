namespace OpAgent.Acp.Tests.Connections;

/// <summary>An agent that says what it was told, one update for each block of the prompt.</summary>
internal sealed class EchoAgent(AcpAgentConnection client) : IAcpAgent
{
    public ValueTask<InitializeResponse> InitializeAsync(InitializeRequest request, CancellationToken cancellationToken) =>
        new(new InitializeResponse(AcpProtocol.Version) { AgentInfo = new Implementation("echo", "1.0.0") });

    public ValueTask<NewSessionResponse> NewSessionAsync(NewSessionRequest request, CancellationToken cancellationToken) =>
        new(new NewSessionResponse("s1"));

    public async ValueTask<PromptResponse> PromptAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        foreach (var block in request.Prompt)
            await client.UpdateAsync(request.SessionId, new AgentMessageChunk(block), cancellationToken);
        return new PromptResponse(StopReason.EndTurn);
    }
}
