using OpAgent.Acp;
using OpAgent.Acp.Folding;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Processes;
using OpAgent.Runtime.Sandboxes;

namespace OpAgent.Runtime.Sessions;

/// <summary>One agent process with its one ACP session. Disposing it ends the process.</summary>
internal sealed partial class AgentSession : IAcpClient, IAsyncDisposable
{
    private const int MaxFailuresTold = 10;
    private const int MaxJunkShown = 1024;
    private const int MaxStopReason = 100;

    private readonly ISessionEvents _events;
    private readonly ChildProcess _process;
    private readonly AcpClientConnection _connection;
    private readonly OutputTail _stderr;
    private readonly SessionOptions _options;
    private readonly Action _ended;
    private readonly Task _end;
    private volatile bool _replaying;
    private decimal _costSoFar;
    private int _failures;
    private JunkOutput _junkTold;

    public AgentSession(ResolvedAgent agent, string sandbox, ChildProcess process, ISessionEvents events, SessionOptions options, Action ended)
    {
        Agent = agent;
        Sandbox = sandbox;
        _process = process;
        _events = events;
        _options = options;
        _ended = ended;
        _stderr = new OutputTail();
        _connection = new AcpClientConnection(process.StandardOutput, process.StandardInput, this, new AcpConnectionOptions { HandlerFailed = OnHandlerFailed });
        events.OnAgentStarted(agent.Manifest.Id, agent.Manifest.Version.ToString(), process);
        _connection.Start();
        _end = Task.Run(() => WatchEndAsync(_stderr.CollectAsync(process.StandardError)));
    }

    public ResolvedAgent Agent { get; }

    public int Pid => _process.Pid;

    public ChildProcess Process => _process;

    /// <summary>By what it was kept from what is not its own; see <see cref="SandboxPlan.Fingerprint"/>.</summary>
    public string Sandbox { get; }

    /// <summary>The session's id in the agent; empty until it was begun.</summary>
    public string Id { get; private set; } = "";

    /// <summary>True when the session began without knowing what was said before, so that the first prompt must tell it.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The current mode and the ones there are; empty where the agent has none.</summary>
    public AgentModes Modes { get; private set; } = AgentModes.None;

    /// <summary>Completes when the process has ended and all its output was handled.</summary>
    public Task End => _end;

    public string Stderr => _stderr.ToString();

    /// <summary>Initializes the agent and begins or takes up a session.</summary>
    /// <exception cref="AgentStartException">The agent refuses or does not answer in time.</exception>
    public async Task BeginAsync(SessionStart start, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.StartLimit);
        var step = "initialize";
        try
        {
            var initialized = await _connection.InitializeAsync(start.Initialize, limit.Token).ConfigureAwait(false);
            if (initialized.ProtocolVersion != start.Initialize.ProtocolVersion)
                throw new AgentStartException($"Agent '{Agent.Label}' speaks ACP version {initialized.ProtocolVersion}; version {start.Initialize.ProtocolVersion} is what is supported. Use another version of the agent.");
            step = "session/new";
            if (!await TryTakeUpAsync(initialized.AgentCapabilities, start, limit.Token).ConfigureAwait(false))
            {
                var created = await _connection.NewSessionAsync(start.New, limit.Token).ConfigureAwait(false);
                (Id, IsNew) = (created.SessionId, true);
                Modes = AgentModes.Of(created);
            }

            step = "setting the mode";
            if (start.Mode is { } mode && Modes.Available.Count > 0) await SetModeAsync(mode, limit.Token).ConfigureAwait(false);
        }
        catch (AcpException error)
        {
            throw new AgentStartException($"Agent '{Agent.Label}' answered {step} with error {error.Code}: {error.Message}", Stderr, error);
        }
        catch (AcpConnectionClosedException error)
        {
            await _process.StopAsync().ConfigureAwait(false);
            await _end.ConfigureAwait(false);
            throw new AgentStartException($"Agent '{Agent.Label}' {await _process.Exited.ConfigureAwait(false)} before it answered {step}.", Stderr, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AgentStartException($"Agent '{Agent.Label}' did not answer {step} within {_options.StartLimit.TotalSeconds:0} s.", Stderr, error);
        }
    }

    /// <exception cref="AcpException">The agent refuses.</exception>
    /// <exception cref="AcpConnectionClosedException">The agent's process ended.</exception>
    public async Task<string> PromptAsync(IReadOnlyList<ContentBlock> prompt, CancellationToken cancellationToken)
    {
        IsNew = false;
        var response = await _connection.PromptAsync(new PromptRequest(Id, prompt), cancellationToken).ConfigureAwait(false);
        return response.StopReason.Length <= MaxStopReason ? response.StopReason : response.StopReason[..MaxStopReason];
    }

    /// <summary>What was spent since the last call, in US dollars: agents tell what the whole session has cost so far.</summary>
    public decimal? CostOf(TurnUsage? usage)
    {
        if (usage is not { Cost: { } total, Currency: "USD" }) return null;
        var cost = Math.Max(0, total - _costSoFar);
        _costSoFar = total;
        return cost;
    }

    /// <summary>What came on stdout that is not protocol and was told of by nothing yet; nothing where that is the one line that was shown.</summary>
    public JunkOutput TakeJunk()
    {
        var (all, told) = (new JunkOutput(_connection.JunkLines, _connection.JunkBytes), _junkTold);
        _junkTold = all;
        return all.Lines == 1 && told.Lines == 0 && all.Bytes <= MaxJunkShown ? default : new JunkOutput(all.Lines - told.Lines, all.Bytes - told.Bytes);
    }

    /// <summary>Asks the agent to end its turn (ACP, session/cancel).</summary>
    public ValueTask CancelAsync() => _connection.CancelAsync(Id, CancellationToken.None);

    /// <summary>Sets the mode by <c>session/set_config_option</c> where the agent has such an option, else by <c>session/set_mode</c>.</summary>
    /// <exception cref="AgentStartException">The agent has no such mode.</exception>
    public async Task SetModeAsync(string mode, CancellationToken cancellationToken)
    {
        if (!Modes.Available.Contains(mode))
            throw new AgentStartException($"Agent '{Agent.Label}' has no mode '{mode}'. It has {(Modes.Available.Count > 0 ? string.Join(", ", Modes.Available) : "none")}.");
        if (Modes.ConfigOption is { } option) await _connection.SetConfigOptionAsync(new SetSelectConfigOptionRequest(Id, option, mode), cancellationToken).ConfigureAwait(false);
        else await _connection.SetModeAsync(new SetSessionModeRequest(Id, mode), cancellationToken).ConfigureAwait(false);
        Modes = Modes with { Current = mode };
    }

    /// <summary>Ends the process and waits until everything it said was handled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync().ConfigureAwait(false);
        await _end.ConfigureAwait(false);
    }

    void IAcpClient.OnUpdate(ReadOnlySpan<byte> sessionId, ReadOnlySpan<byte> update)
    {
        // session/load tells the history again, which the conversation already holds.
        if (!_replaying) _events.OnUpdate(update);
    }

    void IAcpClient.OnBatchEnd() => _events.OnBatchEnd();

    void IAcpClient.OnJunk(JunkLine junk)
    {
        // The beginning of the first says what it is; the connection counts the rest.
        if (_connection.JunkLines <= 1) _events.OnJunk(new JunkLine(junk.Bytes[..Math.Min(MaxJunkShown, junk.Bytes.Length)], junk.Reason).ToString());
    }

    ValueTask<RequestPermissionResponse> IAcpClient.RequestPermissionAsync(RequestPermissionRequest request, CancellationToken cancellationToken) =>
        _events.OnPermissionRequested(request, cancellationToken);

    private void OnHandlerFailed(string handler, Exception error)
    {
        // An agent can bring the same failure about as often as it likes.
        if (Interlocked.Increment(ref _failures) <= MaxFailuresTold) _events.OnHandlerFailed(handler, error);
    }

    private async Task<bool> TryTakeUpAsync(AgentCapabilities capabilities, SessionStart start, CancellationToken cancellationToken)
    {
        if (start.Previous is not { } previous) return false;
        try
        {
            if (capabilities.SessionCapabilities.Resume is not null)
                Modes = AgentModes.Of(await _connection.ResumeSessionAsync(new ResumeSessionRequest(previous, start.New.Cwd) { Meta = start.New.Meta }, cancellationToken).ConfigureAwait(false));
            else if (capabilities.LoadSession)
            {
                _replaying = true;
                Modes = AgentModes.Of(await _connection.LoadSessionAsync(new LoadSessionRequest(previous, start.New.Cwd) { Meta = start.New.Meta }, cancellationToken).ConfigureAwait(false));
            }
            else return false;
            Id = previous;
            return true;
        }
        catch (AcpException error)
        {
            // Agents forget sessions, and some advertise what they cannot do. The transcript is there instead.
            start.NotResumed(error.Message);
            return false;
        }
        finally
        {
            _replaying = false;
        }
    }

    private async Task WatchEndAsync(Task stderr)
    {
        var exit = await _process.Exited.ConfigureAwait(false);
        // The agent's children may hold its pipes open for as long as they like.
        var drained = Task.WhenAll(_connection.Completion, stderr);
        await Task.WhenAny(drained, Task.Delay(_options.DrainLimit)).ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
        _ended();
        _events.OnAgentExited(this, exit, Stderr);
    }
}
