using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Conversations;

/// <summary>A conversation to begin. Everything may be left out.</summary>
/// <param name="Path">Its directory, relative to the workspace.</param>
/// <param name="Agent">By default what the directory is bound to.</param>
/// <param name="Title">By default taken from the first prompt.</param>
public sealed record NewConversation(string? Path, string? Agent, string? Title);

/// <summary>A conversation without its turns.</summary>
/// <param name="File">Absolute path of its Markdown file, on its machine.</param>
/// <param name="Workspace">The id of the workspace that it was opened in; null where the host has forgotten that.</param>
/// <param name="Path">Its directory, relative to the workspace.</param>
/// <param name="Agent">As id@version.</param>
/// <param name="State">idle, starting, running, waiting, suspended, stopped or failed.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="LastSeq">The number of its last event.</param>
/// <param name="Epoch">Of its journal: numbers compare within an epoch only.</param>
/// <param name="Turn">The one that runs.</param>
/// <param name="TurnSeq">The number of the running turn's first event: events after the one before it tell the whole turn.</param>
/// <param name="Queued">How many prompts wait.</param>
/// <param name="Pid">Of the agent while one lives.</param>
/// <param name="Error">Why its file cannot be read.</param>
/// <param name="Copy">Another file has the same id; this one is read-only.</param>
public record ConversationView(
    string? Id, string File, string Machine, string? Workspace, string Path, string Title, string? Agent, DateTimeOffset Created, DateTimeOffset Updated, string State,
    string? Reason, long LastSeq, string? Epoch, string? Turn, long? TurnSeq, int Queued, int? Pid, string? Mode, IReadOnlyList<string> Modes, string? Error, bool Copy)
{
    internal ConversationView(ConversationInfo info, string machine, string? workspace)
        : this(
            info.Id.NullIfEmpty(), info.File, machine, workspace, info.Path, info.Title, info.Agent.NullIfEmpty(),
            DateTimeOffset.FromUnixTimeMilliseconds(info.Created), DateTimeOffset.FromUnixTimeMilliseconds(info.Updated), info.State,
            info.Reason.NullIfEmpty(), info.LastSeq, info.Epoch.NullIfEmpty(), info.Turn.NullIfEmpty(), info.TurnSeq == 0 ? null : info.TurnSeq, info.Queued, info.Pid == 0 ? null : info.Pid,
            info.Mode.NullIfEmpty(), [.. info.Modes], info.Error.NullIfEmpty(), info.Copy)
    {
    }
}

/// <summary>A conversation with its turns, the running one included. Events after <see cref="ConversationView.LastSeq"/> are not in it yet.</summary>
public sealed record ConversationDetail : ConversationView
{
    internal ConversationDetail(ConversationView meta, IReadOnlyList<TurnView> turns, IReadOnlyList<QueuedTurn> queue)
        : base(meta) => (Turns, Queue) = (turns, queue);

    /// <summary>In the order of the file: a prompt, then its reply with the same id.</summary>
    public IReadOnlyList<TurnView> Turns { get; }

    /// <summary>The prompts that wait, in the order in which they will be asked.</summary>
    public IReadOnlyList<QueuedTurn> Queue { get; }
}

/// <summary>The turn up to which a conversation is forked; the last one by default.</summary>
public sealed record ForkRequest(string? Turn);

/// <summary>Options of a session.</summary>
/// <param name="Mode">One of the modes that the agent offers.</param>
public sealed record SessionOptions(string? Mode);
