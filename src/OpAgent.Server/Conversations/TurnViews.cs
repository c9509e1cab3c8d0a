using System.Text.Json.Serialization;
using OpAgent.Core.Conversations;

namespace OpAgent.Server.Conversations;

/// <summary>A prompt.</summary>
/// <param name="Attachments">Files, relative to the conversation's directory.</param>
/// <param name="Queue">Wait for the running turn instead of being refused.</param>
public sealed record NewTurn(string? Text, IReadOnlyList<string>? Attachments, bool? Queue);

/// <summary>A prompt that was accepted: it stands in the journal, and in the file unless it waits.</summary>
/// <param name="Turn">The turn's id.</param>
/// <param name="Seq">The number of its first event.</param>
public sealed record AcceptedTurn(string Turn, long Seq, bool Queued);

/// <summary>A prompt that waits for the turns before it.</summary>
public sealed record QueuedTurn(string Turn, string By, string Text, IReadOnlyList<string> Attachments);

/// <summary>The turn to cancel; the running one by default.</summary>
public sealed record CancelRequest(string? Turn);

/// <summary>One party's part of a turn.</summary>
/// <param name="Id">A prompt and its reply carry the same one.</param>
/// <param name="By">A person's name, or the agent as id@version.</param>
/// <param name="Reply">It is the agent's part.</param>
/// <param name="Text">What was said, without thoughts, tool calls and notices.</param>
/// <param name="Stop">Why the reply ended; null for a prompt and while the agent works.</param>
/// <param name="In">Tokens sent to a model.</param>
/// <param name="Out">Tokens received from a model.</param>
/// <param name="Cost">In US dollars.</param>
/// <param name="Error">What went wrong.</param>
public sealed record TurnView(
    Guid Id, string By, DateTimeOffset At, bool Reply, string Text, IReadOnlyList<string> Attachments, string? Stop, long? In, long? Out, decimal? Cost,
    string? Error, IReadOnlyList<BlockView> Blocks)
{
    internal static TurnView Of(Turn turn) => new(
        turn.Id, turn.By, turn.At, turn.IsReply, TextOf(turn), turn.Attachments, turn.Stop, turn.In, turn.Out, turn.Cost, turn.Error,
        [.. turn.Blocks.Select(BlockView.Of)]);

    internal static string TextOf(Turn turn) => string.Join("\n\n", turn.Blocks.OfType<TextBlock>().Select(block => block.Text));
}

/// <summary>A piece of a turn.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextView), "text")]
[JsonDerivedType(typeof(ThoughtView), "thought")]
[JsonDerivedType(typeof(ToolView), "tool")]
[JsonDerivedType(typeof(PlanView), "plan")]
[JsonDerivedType(typeof(NoticeView), "notice")]
public abstract record BlockView
{
    internal static BlockView Of(TurnBlock block) => block switch
    {
        TextBlock text => new TextView(text.Text),
        ThoughtBlock thought => new ThoughtView(thought.Text),
        ToolBlock tool => new ToolView(tool.Id, tool.Kind, tool.Status, tool.Title, tool.Path, tool.Milliseconds, tool.Decision, tool.Body),
        PlanBlock plan => new PlanView([.. plan.Entries.Select(entry => new PlanEntryView(entry.Content, entry.Status))]),
        NoticeBlock notice => new NoticeView(notice.Kind, notice.Summary, notice.Body),
        _ => throw new InvalidOperationException($"A turn holds a {block.GetType().Name}, which the API has no form for."),
    };
}

/// <summary>What was said, as Markdown.</summary>
public sealed record TextView(string Text) : BlockView;

/// <summary>The agent's reasoning.</summary>
public sealed record ThoughtView(string Text) : BlockView;

/// <summary>A tool call.</summary>
/// <param name="Kind">ACP's: read, edit, delete, move, search, execute, think, fetch, switch_mode or other.</param>
/// <param name="Status">pending, in_progress, completed or failed.</param>
/// <param name="Ms">How long it took.</param>
/// <param name="Decision">Who or what decided the permission and how.</param>
/// <param name="Body">Output and diffs as Markdown fences.</param>
public sealed record ToolView(string Id, string Kind, string Status, string Title, string? Path, long? Ms, string? Decision, string Body) : BlockView;

/// <summary>The agent's plan, as it stood last.</summary>
public sealed record PlanView(IReadOnlyList<PlanEntryView> Entries) : BlockView;

/// <param name="Status">pending, in_progress or completed.</param>
public sealed record PlanEntryView(string Content, string Status);

/// <summary>Something that OpAgent says about the turn.</summary>
/// <param name="Kind">A stable word.</param>
/// <param name="Body">Details as Markdown; may be empty.</param>
public sealed record NoticeView(string Kind, string Summary, string Body) : BlockView;
