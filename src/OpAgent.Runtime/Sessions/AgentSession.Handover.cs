using System.Text.Json;
using OpAgent.Acp;
using OpAgent.Core.Agents;
using OpAgent.Core.Bindings;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sessions;

// Standing still while the program is replaced, and going on in the next one.
internal sealed partial class AgentSession
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Task<PromptResponse>? _restoredPrompt;
    private bool _isHandedOver;     // and its connection has not begun

    /// <summary>Goes on with a session of the program before this one, once <see cref="GoOn"/> is called.</summary>
    public AgentSession(SessionHandover session, ChildProcess process, ISessionEvents events, SessionOptions options, Action ended)
    {
        Agent = session.Agent.Restore();
        Sandbox = session.Sandbox;
        _isHandedOver = true;
        Id = session.Id;
        IsNew = session.IsNew;
        Modes = session.Modes;
        _costSoFar = session.CostSoFar;
        _process = process;
        _events = events;
        _options = options;
        _ended = ended;
        _stderr = new OutputTail(session.Stderr);
        _connection = AcpClientConnection.Restore(process.StandardOutput, process.StandardInput, this, session.Connection.Restore(), new AcpConnectionOptions { HandlerFailed = OnHandlerFailed });
        _restoredPrompt = _connection.RestoredPrompt;
        _end = Task.Run(() => WatchEndAsync(_stderr.CollectAsync(process.StandardError)));
    }

    /// <summary>True once the process has ended or is being ended.</summary>
    public bool IsEnding => _process.IsEnding;

    /// <summary>Waits for the end of the turn that the program before this one began.</summary>
    /// <exception cref="AcpException">The agent refuses.</exception>
    /// <exception cref="AcpConnectionClosedException">The agent's process ended.</exception>
    public async Task<string> RestoredPromptAsync() => (await _restoredPrompt!.ConfigureAwait(false)).StopReason;

    /// <summary>Reads and writes nothing from here on.</summary>
    public async Task HaltAsync(CancellationToken cancellationToken)
    {
        await _connection.PauseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        _process.StandardInput.Hold();
        // What was read from stderr is in the tail a moment later.
        while (_process.StandardError.Hold() != _stderr.Collected && !IsEnding) await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads and writes again, or begins to in a session that was handed over.</summary>
    public void GoOn()
    {
        if (_isHandedOver)
        {
            _isHandedOver = false;
            _connection.Start();
            return;
        }

        _process.StandardError.Release();
        _process.StandardInput.Release();
        _connection.Resume();
    }

    /// <summary>What the next program needs of it; null while something is on its way that cannot be handed over.</summary>
    public SessionHandover? Capture(IReadOnlyList<string> tokenHashes, IReadOnlyList<PermissionRequest> open)
    {
        if (IsEnding || Id.Length == 0) return null;
        var connection = _connection.Capture(_process.StandardInput.Hold(), [.. open.Select(permission => permission.Request)]);
        return connection is null ? null : new SessionHandover(
            _process.HandOver(), new AgentHandover(Agent.Manifest.Id, Agent.Manifest.Name, Agent.Manifest.Version.ToString(), Agent.Root),
            Sandbox, Id, IsNew, Modes, _costSoFar, tokenHashes, _stderr.ToArray(), ConnectionHandover.Of(connection));
    }
}

/// <summary>A live session as one program hands it over to the next.</summary>
/// <param name="Sandbox">By what it is kept from what is not its own.</param>
/// <param name="Id">The session's id in the agent.</param>
/// <param name="TokenHashes">By which the endpoint knows the session's secret.</param>
/// <param name="Stderr">The tail of what the agent wrote there.</param>
internal sealed record SessionHandover(
    ChildHandover Child, AgentHandover Agent, string Sandbox, string Id, bool IsNew, AgentModes Modes, decimal CostSoFar, IReadOnlyList<string> TokenHashes, byte[] Stderr, ConnectionHandover Connection);

/// <summary>What is still asked of an agent that runs: what it is called and where it came from. Its package may be another one by now.</summary>
internal sealed record AgentHandover(string Id, string Name, string Version, string Root)
{
    public string Label => $"{Id}@{Version}";

    public ResolvedAgent Restore() => new(
        new AgentManifest(Id, Name, SemanticVersion.TryParse(Version, out var version) ? version : throw new InvalidDataException($"'{Version}' is not a version."), ""), Root, new ResolvedBinding());
}

/// <summary><see cref="AcpConnectionState"/> as it is written down; the open requests are the agent's own JSON.</summary>
internal sealed record ConnectionHandover(long LastRequestId, long? PromptId, byte[] Unread, bool IsDropping, byte[] Unsent, long JunkLines, IReadOnlyList<OpenRequestHandover> OpenRequests)
{
    public static ConnectionHandover Of(AcpConnectionState state) => new(
        state.LastRequestId, state.PromptId, state.Unread, state.IsDropping, state.Unsent, state.JunkLines,
        [.. state.OpenRequests.Select(request => new OpenRequestHandover(request.RequestId!, JsonSerializer.SerializeToElement(request, AcpJson.Default.RequestPermissionRequest)))]);

    public AcpConnectionState Restore() => new(LastRequestId, PromptId, Unread, IsDropping, Unsent, JunkLines, [.. OpenRequests.Select(request => request.Restore())]);
}

/// <summary>A question of the agent that waits for its answer.</summary>
/// <param name="RequestId">Under which the agent waits, as JSON.</param>
internal sealed record OpenRequestHandover(string RequestId, JsonElement Request)
{
    public RequestPermissionRequest Restore() => Request.Deserialize(AcpJson.Default.RequestPermissionRequest)! with { RequestId = RequestId };
}
