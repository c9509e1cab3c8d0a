using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;

namespace OpAgent.Server.Conversations;

/// <summary>What every page shows of all conversations: their states, and the permission requests that wait for a person. One for the whole host.</summary>
internal sealed class LiveOverview(LiveFeed feed, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly ChangeSignal _signal = new(Interval, time);
    private ImmutableDictionary<string, ConversationView> _conversations = ImmutableDictionary<string, ConversationView>.Empty;
    private ImmutableDictionary<string, PermissionView> _waiting = ImmutableDictionary<string, PermissionView>.Empty;

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
            // The feed ends for a reader that fell behind, and begins again with the present state.
            await foreach (var change in feed.WatchAsync(stoppingToken).ConfigureAwait(false)) Apply(change);
        }
    }

    private void Apply(LiveChange change)
    {
        if (change.Conversation is { Id: { } id } conversation) _conversations = _conversations.SetItem(id, conversation);
        if (change.Permission is { } permission)
            _waiting = permission.State == "pending" ? _waiting.SetItem(permission.Id, permission) : _waiting.Remove(permission.Id);
        _signal.Raise();
    }
}
