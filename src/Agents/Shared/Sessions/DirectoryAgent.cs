using System.Collections.Concurrent;
using OpAgent.Acp;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Prompts;

namespace OpAgent.Agents.Text.Sessions;

/// <summary>What an agent does in one session, which is about one directory.</summary>
public interface IDirectorySession
{
    /// <summary>Does what a prompt asks; the answer is the stop reason.</summary>
    Task<string> PromptAsync(AgentPrompt prompt, Turn turn, CancellationToken cancellationToken);
}

/// <summary>An agent that works on the directory which a session is begun in.</summary>
/// <param name="client">Told what the agent does.</param>
/// <param name="info">The agent's name and version.</param>
/// <param name="begin">Makes a session about a directory.</param>
public sealed class DirectoryAgent(AcpAgentConnection client, Implementation info, Func<FileTree, IDirectorySession> begin) : IAcpAgent
{
    private readonly ConcurrentDictionary<string, IDirectorySession> _sessions = new();

    public ValueTask<InitializeResponse> InitializeAsync(InitializeRequest request, CancellationToken cancellationToken)
    {
        var capabilities = new AgentCapabilities { SessionCapabilities = new SessionCapabilities { Close = new Capability() } };
        return new(new InitializeResponse(AcpProtocol.Version) { AgentInfo = info, AgentCapabilities = capabilities });
    }

    public ValueTask<NewSessionResponse> NewSessionAsync(NewSessionRequest request, CancellationToken cancellationToken)
    {
        if (!Path.IsPathFullyQualified(request.Cwd) || !Directory.Exists(request.Cwd))
            throw new AcpException(AcpErrorCode.InvalidParams, $"'{request.Cwd}' is not an existing directory; begin the session with the full path of one.");
        var id = Guid.CreateVersion7().ToString();
        _sessions[id] = begin(new FileTree(request.Cwd));
        return new(new NewSessionResponse(id));
    }

    public async ValueTask<PromptResponse> PromptAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(request.SessionId, out var session))
            throw new AcpException(AcpErrorCode.ResourceNotFound, $"There is no session '{request.SessionId}'; begin one with session/new.");
        var turn = new Turn(client, request.SessionId);
        return new PromptResponse(await session.PromptAsync(AgentPrompt.Read(request.Prompt), turn, cancellationToken));
    }

    public ValueTask<CloseSessionResponse> CloseSessionAsync(CloseSessionRequest request, CancellationToken cancellationToken)
    {
        _sessions.TryRemove(request.SessionId, out _);
        return new(new CloseSessionResponse());
    }
}
