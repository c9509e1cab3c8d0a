using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OpAgent.Protocol;

namespace OpAgent.Server.Machines;

/// <summary>What the machines' runtimes last said of their conversations and open permission requests, and a way to hear of changes.</summary>
internal sealed class LiveBoard(ILogger<LiveBoard> logger)
{
    // A reader that is this far behind is cut off; it comes back and starts from the present state.
    private const int LongestBacklog = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveItem> _items = [];
    private readonly List<Channel<LiveItem>> _readers = [];

    /// <summary>Raised with the id of a conversation that is told of no more.</summary>
    public event Action<string>? Forgotten;

    /// <summary>The machine whose runtime has told of the conversation or open permission request, or null.</summary>
    public string? MachineOf(string id)
    {
        lock (_gate) return _items.GetValueOrDefault(id)?.Machine;
    }

    /// <summary>What the runtimes last said of their conversations.</summary>
    public IReadOnlyList<LiveItem> Conversations
    {
        get
        {
            lock (_gate) return [.. _items.Values.Where(item => item.Conversation is not null)];
        }
    }

    /// <summary>Drops a conversation that is gone, unless its runtime has said more of it meanwhile.</summary>
    public void Forget(LiveItem conversation)
    {
        lock (_gate)
        {
            if (_items.GetValueOrDefault(conversation.Conversation!.Id) != conversation) return;
            _items.Remove(conversation.Conversation.Id);
        }

        Forgotten?.Invoke(conversation.Conversation.Id);
    }

    public void Set(string machine, ConversationInfo conversation) => Set(conversation.Id, new(machine, conversation, null), keep: true);

    public void Set(string machine, Permission permission) =>
        Set(permission.Id, new(machine, null, permission), keep: permission.State == "pending");

    /// <summary>Begins to collect what a machine's runtime says first; what it does not name any more is gone.</summary>
    public Snapshot BeginSnapshot(string machine) => new(this, machine);

    /// <summary>The present state, then every change. Ends early for a reader that cannot keep up.</summary>
    public async IAsyncEnumerable<LiveItem> WatchAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = Channel.CreateBounded<LiveItem>(new BoundedChannelOptions(LongestBacklog) { SingleReader = true });
        LiveItem[] present;
        lock (_gate)
        {
            _readers.Add(changes);
            present = [.. _items.Values];
        }

        try
        {
            foreach (var item in present) yield return item;
            await foreach (var item in changes.Reader.ReadAllAsync(cancellationToken)) yield return item;
        }
        finally
        {
            lock (_gate) _readers.Remove(changes);
        }
    }

    private void Set(string id, LiveItem item, bool keep)
    {
        lock (_gate)
        {
            if (keep) _items[id] = item;
            else _items.Remove(id);
            for (var i = _readers.Count - 1; i >= 0; i--)
            {
                if (_readers[i].Writer.TryWrite(item)) continue;
                logger.ReaderCutOff(LongestBacklog);
                _readers[i].Writer.Complete();
                _readers.RemoveAt(i);
            }
        }
    }

    private void Forget(string machine, HashSet<string> named)
    {
        lock (_gate)
        {
            foreach (var (id, item) in _items.Where(pair => pair.Value.Machine == machine && !named.Contains(pair.Key)).ToList())
            {
                _items.Remove(id);
                if (item.Permission is not { } open)
                {
                    Forgotten?.Invoke(id);
                    continue;
                }

                // A request that was lost with its runtime: whoever shows it must learn that nobody waits any more.
                var lost = open.Clone();
                lost.State = "cancelled";
                Set(id, item with { Permission = lost }, keep: false);
            }
        }
    }

    internal sealed class Snapshot(LiveBoard board, string machine)
    {
        private readonly HashSet<string> _named = [];

        public void Add(ConversationInfo conversation) => _named.Add(conversation.Id);

        public void Add(Permission permission) => _named.Add(permission.Id);

        public void Complete() => board.Forget(machine, _named);
    }
}

/// <summary>One conversation or one permission request, and the machine it is on.</summary>
internal sealed record LiveItem(string Machine, ConversationInfo? Conversation, Permission? Permission);
