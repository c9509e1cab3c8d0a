using OpAgent.Acp;
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
