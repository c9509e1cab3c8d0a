namespace OpAgent.Core.Conversations;

/// <summary>A conversation as its Markdown file holds it: the front matter, text before the first turn, and the turns in order.</summary>
public sealed record Conversation(ConversationHeader Header)
{
    /// <summary>Text between the front matter and the first turn marker, kept as it is; empty in files that OpAgent wrote.</summary>
    public string Preamble { get; init; } = "";

    /// <summary>What each party said, in the order of the file: a person's prompt, then the agent's reply with the same id.</summary>
    public ValueList<Turn> Turns { get; init; } = [];
}

/// <summary>The front matter of a conversation file.</summary>
/// <param name="Id">UUIDv7 that identifies the conversation wherever its file is moved.</param>
/// <param name="Title">What the conversation is about, one line.</param>
/// <param name="Agent">The agent that answers, as <c>id@version</c>.</param>
/// <param name="Created">When the conversation was begun (UTC).</param>
public sealed record ConversationHeader(Guid Id, string Title, string Agent, DateTimeOffset Created)
{
    /// <summary>The conversation and turn that this one was forked from, if any.</summary>
    public string? ForkedFrom { get; init; }

    /// <summary>Front matter that OpAgent does not know, as raw YAML lines without a final newline; survives rewriting.</summary>
    public string Extra { get; init; } = "";
}

/// <summary>
/// One party's part of a turn: one <c>turn</c> marker and what follows it. A prompt and its reply carry the same <see cref="Id"/>;
/// the reply has a <see cref="Stop"/> once it ended.
/// </summary>
/// <param name="Id">UUIDv7 of the turn.</param>
/// <param name="By">A person's name, or the agent as <c>id@version</c>.</param>
/// <param name="At">When this part began (UTC).</param>
public sealed record Turn(Guid Id, string By, DateTimeOffset At)
{
    /// <summary>Files given along with a prompt, relative to the conversation's directory.</summary>
    public ValueList<string> Attachments { get; init; } = [];

    /// <summary>Why the reply ended: an ACP stop reason, or <c>interrupted</c>, <c>deadline</c>, <c>limit</c>. Null for a prompt and while the agent works.</summary>
    public string? Stop { get; init; }

    /// <summary>Tokens the turn sent to a model, where known.</summary>
    public long? In { get; init; }

    /// <summary>Tokens the turn received from a model, where known.</summary>
    public long? Out { get; init; }

    /// <summary>What the turn cost, in US dollars, where known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>What went wrong, in a sentence; null when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>Text, thoughts, tool calls, plan and notices in the order in which they came.</summary>
    public ValueList<TurnBlock> Blocks { get; init; } = [];

    /// <summary>True for an agent's part: agents are named <c>id@version</c>, people never contain an <c>@</c>.</summary>
    public bool IsReply => By.Contains('@');
}

/// <summary>A piece of a turn.</summary>
public abstract record TurnBlock;

/// <summary>What was said, as Markdown.</summary>
public sealed record TextBlock(string Text) : TurnBlock;

/// <summary>The agent's reasoning.</summary>
public sealed record ThoughtBlock(string Text) : TurnBlock;

/// <summary>One tool call from its announcement to its result.</summary>
/// <param name="Id">The agent's own id of the call, unique in its turn.</param>
/// <param name="Kind">ACP tool kind: read, edit, delete, move, search, execute, think, fetch, switch_mode, other.</param>
/// <param name="Status">ACP status: pending, in_progress, completed, failed.</param>
/// <param name="Title">One line that says what the call does; free text of the agent.</param>
public sealed record ToolBlock(string Id, string Kind, string Status, string Title) : TurnBlock
{
    /// <summary>The file concerned, relative to the conversation's directory where it lies below it.</summary>
    public string? Path { get; init; }

    /// <summary>How long the call took.</summary>
    public long? Milliseconds { get; init; }

    /// <summary>Who or what decided the permission and how, for example <c>alice allow_once</c>.</summary>
    public string? Decision { get; init; }

    /// <summary>Output and diffs as Markdown fences.</summary>
    public string Body { get; init; } = "";
}

/// <summary>The agent's plan, as it stood last.</summary>
public sealed record PlanBlock(ValueList<PlanEntry> Entries) : TurnBlock;

/// <summary>One step of a plan. Status is pending, in_progress or completed.</summary>
public sealed record PlanEntry(string Content, string Status);

/// <summary>Something that OpAgent says about the turn: the agent exited, a file was recreated.</summary>
/// <param name="Kind">A stable word, for example <c>agent-exited</c>.</param>
/// <param name="Summary">One line for a person.</param>
/// <param name="Body">Details as Markdown, for example the tail of stderr in a fence; may be empty.</param>
public sealed record NoticeBlock(string Kind, string Summary, string Body = "") : TurnBlock;
