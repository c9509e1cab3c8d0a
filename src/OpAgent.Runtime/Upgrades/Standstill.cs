using OpAgent.Runtime.Processes;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Upgrades;

/// <summary>All conversations standing still at once: nothing is read, written, started or reaped, and all that was said is on the disk. Disposing it lets them go on.</summary>
internal sealed class Standstill : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ConversationStore _conversations;
    private readonly ProcessSupervisor _supervisor;
    private readonly HashSet<LiveConversation> _halted = [];
    private string _obstacle = "";

    private Standstill(ConversationStore conversations, ProcessSupervisor supervisor) => (_conversations, _supervisor) = (conversations, supervisor);

    /// <summary>What the next program needs of the conversations.</summary>
    public IReadOnlyList<ConversationHandover> Conversations { get; private set; } = [];

    /// <summary>Waits, while everything goes on, until the agents that are just starting or ending have done so.</summary>
    /// <exception cref="TimeoutException">The time is over; the message says what did not come to an end.</exception>
    public static async Task WaitForChangesAsync(ConversationStore conversations, CancellationToken limit)
    {
        // Those that begin later are waited for at the standstill; on a busy machine there is always one.
        foreach (var conversation in conversations.Loaded)
        {
            while (conversation.Change is { } change)
            {
                await Task.Delay(Pause, limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (limit.IsCancellationRequested) throw new TimeoutException($"Conversation {conversation.Id}: {change}.");
            }
        }
    }

    /// <summary>Halts everything; waits for what is just beginning or ending.</summary>
    /// <exception cref="TimeoutException">The time is over; the message says what did not come to an end.</exception>
    /// <exception cref="IOException">The disk does not take what waits for it.</exception>
    public static async Task<Standstill> ReachAsync(ConversationStore conversations, ProcessSupervisor supervisor, CancellationToken limit)
    {
        var standstill = new Standstill(conversations, supervisor);
        try
        {
            while (!await standstill.TryReachAsync(limit).ConfigureAwait(false)) await Task.Delay(Pause, limit).ConfigureAwait(false);
            return standstill;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            standstill.Dispose();
            throw new TimeoutException(standstill._obstacle);
        }
        catch
        {
            standstill.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _supervisor.Release();
        foreach (var conversation in _halted) conversation.GoOn();
        _halted.Clear();
    }

    private async Task<bool> TryReachAsync(CancellationToken limit)
    {
        // One whose agent ended meanwhile goes on at once: its last words are waited for only a while.
        foreach (var conversation in _halted.Where(conversation => conversation.IsEnding).ToList()) GoOn(conversation);
        var isStill = true;
        foreach (var conversation in _conversations.Loaded.Where(conversation => !_halted.Contains(conversation)))
        {
            var obstacle = await conversation.HaltAsync(limit).ConfigureAwait(false);
            if (obstacle is null) _halted.Add(conversation);
            else (_obstacle, isStill) = ($"Conversation {conversation.Id}: {obstacle}.", false);
        }

        if (_conversations.IsRecovering) (_obstacle, isStill) = ("Conversations are still being recovered.", false);
        return isStill && IsStillToTheEnd();
    }

    /// <summary>Looks once more with nothing being reaped: an agent that has ended before is on its way out, one that ends from here on stays to be reaped by the next program.</summary>
    private bool IsStillToTheEnd()
    {
        _supervisor.Hold();
        var captured = new List<ConversationHandover>();
        foreach (var conversation in _halted.ToList())
        {
            if (conversation.Capture() is { } handover)
            {
                captured.Add(handover);
                continue;
            }

            _obstacle = $"Conversation {conversation.Id}: its agent is just ending.";
            GoOn(conversation);
        }

        Conversations = captured;
        if (_supervisor.Children != captured.Count(conversation => conversation.Session is not null)) _obstacle = "A process is just starting or ending.";
        else if (_conversations.Loaded.All(_halted.Contains)) return true;
        _supervisor.Release();
        return false;
    }

    private void GoOn(LiveConversation conversation)
    {
        _halted.Remove(conversation);
        conversation.GoOn();
    }
}
