using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Conversations;

/// <summary>What every page shows of all conversations: their states, and the permission requests that wait for a person. One for the whole host.</summary>
internal sealed class LiveOverview : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly LiveFeed _feed;
    private readonly LiveBoard _board;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChangeSignal _signal;
    private ImmutableDictionary<string, ConversationView> _conversations = ImmutableDictionary<string, ConversationView>.Empty;
    private ImmutableDictionary<string, PermissionView> _waiting = ImmutableDictionary<string, PermissionView>.Empty;

    public LiveOverview(LiveFeed feed, LiveBoard board, TimeProvider time, ILogger<LiveOverview> logger)
    {
        (_feed, _board, _time, _logger) = (feed, board, time, logger);
        _signal = new(Interval, time);
        board.Forgotten += Forget;
    }

    /// <summary>Raised soon after something changed, on the thread pool.</summary>
    public event Action Changed
    {
        add => _signal.Changed += value;
        remove => _signal.Changed -= value;
    }

    /// <summary>The conversations that runtimes have told of, by id. Those at rest since their runtime started are not among them.</summary>
    public ImmutableDictionary<string, ConversationView> Conversations => Volatile.Read(ref _conversations);

    /// <summary>The open permission requests, the oldest first.</summary>
    public IReadOnlyList<PermissionView> Waiting => [.. Volatile.Read(ref _waiting).Values.OrderBy(permission => permission.Requested)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // The feed ends for a reader that fell behind, and begins again with the present state.
                (_conversations, _waiting) = (_conversations.Clear(), _waiting.Clear());
                await foreach (var change in _feed.WatchAsync(stoppingToken).ConfigureAwait(false)) Apply(change);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A machine that is away, or the database for a moment. The host goes on, whatever it is.
                _logger.OverviewInterrupted(exception.Message);
                await Task.Delay(Pause, _time, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    public override void Dispose()
    {
        _board.Forgotten -= Forget;
        base.Dispose();
    }

    private void Forget(string conversation)
    {
        ImmutableInterlocked.TryRemove(ref _conversations, conversation, out _);
        _signal.Raise();
    }

    private void Apply(LiveChange change)
    {
        if (change.Conversation is { Id: { } id } conversation) ImmutableInterlocked.AddOrUpdate(ref _conversations, id, conversation, (_, _) => conversation);
        if (change.Permission is { } permission)
            _waiting = permission.State == "pending" ? _waiting.SetItem(permission.Id, permission) : _waiting.Remove(permission.Id);
        _signal.Raise();
    }
}
