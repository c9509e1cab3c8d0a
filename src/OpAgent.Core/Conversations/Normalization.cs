using OpAgent.Core.Text;

namespace OpAgent.Core.Conversations;

/// <summary>
/// The form in which a conversation survives being written and read:
/// <list type="bullet">
/// <item>NUL and lone surrogates, which no UTF-8 file can hold, are U+FFFD;</item>
/// <item>text has <c>\n</c> between its lines and no blank lines around it; adjacent texts are one, with a blank line between; empty text and thoughts are gone;</item>
/// <item>titles, summaries and a plan's steps are one line without space around; the front matter's values end after 200 characters;</item>
/// <item>the status of a plan's step is one of ACP's three, pending where it was none;</item>
/// <item>times are UTC in whole seconds;</item>
/// <item>front matter that could not stand behind OpAgent's own is a comment.</item>
/// </list>
/// </summary>
public static class Normalization
{
    // A title may come from an agent, and a front matter of unlimited size could not be read again.
    private const int MaxHeaderValue = 200;

    public static Conversation Normalized(this Conversation conversation) => new(conversation.Header.Normalized())
    {
        Preamble = TextForm.Block(conversation.Preamble),
        Turns = conversation.Turns.Select(Normalized).ToValueList(),
    };

    public static ConversationHeader Normalized(this ConversationHeader header) =>
        new(header.Id, HeaderValue(header.Title), HeaderValue(header.Agent), WholeSeconds(header.Created))
        {
            ForkedFrom = HeaderValue(header.ForkedFrom ?? "") is { Length: > 0 } source ? source : null,
            Extra = FrontMatter.NormalizeExtra(header.Extra),
        };

    public static Turn Normalized(this Turn turn) => turn with
    {
        By = TextForm.Scrub(turn.By),
        At = WholeSeconds(turn.At),
        Attachments = turn.Attachments.Select(TextForm.Scrub).ToValueList(),
        Stop = Scrub(turn.Stop),
        Error = Scrub(turn.Error),
        Blocks = Normalize(turn.Blocks),
    };

    internal static string HeaderValue(string text) => TextForm.Shorten(TextForm.OneLine(text), MaxHeaderValue);

    private static ValueList<TurnBlock> Normalize(ValueList<TurnBlock> blocks)
    {
        var normalized = new List<TurnBlock>(blocks.Count);
        foreach (var block in blocks)
        {
            switch (Normalize(block))
            {
                case TextBlock { Text: "" } or ThoughtBlock { Text: "" }:
                    break;
                case TextBlock text when normalized is [.., TextBlock before]:
                    normalized[^1] = new TextBlock($"{before.Text}\n\n{text.Text}");
                    break;
                case var other:
                    normalized.Add(other);
                    break;
            }
        }
        return normalized.ToValueList();
    }

    private static TurnBlock Normalize(TurnBlock block) => block switch
    {
        TextBlock text => new TextBlock(TextForm.Block(text.Text)),
        ThoughtBlock thought => new ThoughtBlock(TextForm.Block(thought.Text)),
        PlanBlock plan => new PlanBlock(plan.Entries.Select(Normalize).ToValueList()),
        NoticeBlock notice => new NoticeBlock(TextForm.Scrub(notice.Kind), TextForm.OneLine(notice.Summary), TextForm.Block(notice.Body)),
        ToolBlock tool => tool with
        {
            Id = TextForm.Scrub(tool.Id),
            Kind = TextForm.Scrub(tool.Kind),
            Status = TextForm.Scrub(tool.Status),
            Title = TextForm.OneLine(tool.Title),
            Path = Scrub(tool.Path),
            Decision = Scrub(tool.Decision),
            Body = TextForm.Block(tool.Body),
        },
        _ => throw new ArgumentException($"{block.GetType().Name} has no form in a conversation file", nameof(block)),
    };

    private static PlanEntry Normalize(PlanEntry entry) =>
        new(TextForm.OneLine(entry.Content), entry.Status is "completed" or "in_progress" ? entry.Status : "pending");

    private static string? Scrub(string? text) => text is null ? null : TextForm.Scrub(text);

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
