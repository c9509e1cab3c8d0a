using System.Text.Json;

namespace OpAgent.Runtime.Sessions;

/// <summary>What a journal tells of the time before it was opened: prompts that were accepted, those that still wait, and a turn that never ended.</summary>
internal sealed class JournalHistory
{
    private readonly List<Prompt> _waiting = [];

    public List<(Prompt Prompt, long Seq)> Prompts { get; } = [];

    public IReadOnlyList<Prompt> Waiting => _waiting;

    public UnfinishedTurn? Unfinished { get; private set; }

    public void Add(JournalEvent entry)
    {
        if (entry.Kind is EventKind.Update or EventKind.Notice or EventKind.AgentStarted or EventKind.AgentExited) return;
        using var document = JsonDocument.Parse(entry.Data);
        var line = document.RootElement;
        switch (entry.Kind)
        {
            case EventKind.TurnQueued:
                var queued = Prompt.Read(line);
                _waiting.Add(queued);
                Prompts.Add((queued, entry.Seq));
                break;
            case EventKind.TurnStarted:
                var started = Prompt.Read(line);
                _waiting.RemoveAll(prompt => prompt.Turn == started.Turn);
                Unfinished = new UnfinishedTurn(started, entry.Seq, line.GetProperty("at").GetDateTimeOffset());
                Prompts.Add((started, entry.Seq));
                break;
            case EventKind.PermissionRequested:
                Unfinished?.OpenPermissions.Add(line.GetProperty("permission").GetProperty("id").GetGuid());
                break;
            case EventKind.PermissionResolved:
                Unfinished?.OpenPermissions.Remove(line.GetProperty("permission").GetGuid());
                break;
            case EventKind.TurnEnded:
                var ended = line.GetProperty("turn").GetGuid();
                _waiting.RemoveAll(prompt => prompt.Turn == ended);
                if (Unfinished?.Prompt.Turn == ended) Unfinished = null;
                // Sent again, it is a new prompt.
                if (line.TryGetProperty("refused", out _)) Prompts.RemoveAll(prompt => prompt.Prompt.Turn == ended);
                break;
        }
    }
}

/// <summary>A turn that started and never ended.</summary>
/// <param name="Seq">The number of its <c>turn.started</c>.</param>
internal sealed record UnfinishedTurn(Prompt Prompt, long Seq, DateTimeOffset At)
{
    public HashSet<Guid> OpenPermissions { get; } = [];
}
