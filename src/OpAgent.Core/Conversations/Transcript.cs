using System.Text;
using OpAgent.Core.Text;

namespace OpAgent.Core.Conversations;

/// <summary>What was said so far as plain text, for an agent that starts without a memory of it.</summary>
public static class Transcript
{
    private const string LeftOut = "[earlier parts are left out]\n\n";

    /// <summary>
    /// The conversation from its beginning, or its end where it is longer than <paramref name="maxLength"/> characters: whole turns,
    /// and of a single turn that is too long its end. Thoughts and what tools printed are left out.
    /// </summary>
    public static string Write(Conversation conversation, int maxLength)
    {
        var parts = new List<string>();
        var left = maxLength - LeftOut.Length;
        var isComplete = true;
        for (var i = conversation.Turns.Count - 1; i >= 0 && isComplete; i--)
        {
            var part = WriteTurn(conversation.Turns[i]);
            if (part.Length > left)
            {
                isComplete = false;
                if (parts.Count > 0) break;
                part = EndOf(part, left);
            }
            parts.Add(part);
            left -= part.Length;
        }
        parts.Reverse();
        return (isComplete ? "" : LeftOut) + string.Concat(parts);
    }

    private static string WriteTurn(Turn turn)
    {
        var part = new StringBuilder();
        part.Append(TextForm.OneLine(NameOf(turn))).Append(":\n");
        foreach (var block in turn.Blocks)
        {
            if (block is TextBlock text) part.Append(text.Text).Append('\n');
            else if (NoteFor(block) is { } note) AppendNote(part, note);
        }
        if (turn.Attachments.Count > 0) AppendNote(part, $"attached: {string.Join(", ", turn.Attachments)}");
        if (turn.Stop is not (null or "end_turn")) AppendNote(part, $"ended: {turn.Stop}");
        if (turn.Error is { } error) AppendNote(part, $"error: {error}");
        return part.Append('\n').ToString();
    }

    private static string? NoteFor(TurnBlock block) => block switch
    {
        ToolBlock tool => $"{ToolSummary.Label(tool)}: {tool.Status}",
        NoticeBlock notice => notice.Summary,
        PlanBlock plan => Checklist.Summary(plan),
        _ => null,
    };

    private static string NameOf(Turn turn) => turn.IsReply ? turn.By[..turn.By.IndexOf('@')] : turn.By;

    private static void AppendNote(StringBuilder part, string note) => part.Append('[').Append(TextForm.OneLine(note)).Append("]\n");

    private static string EndOf(string text, int length)
    {
        var start = text.Length - Math.Max(length, 0);
        return text[(start < text.Length && char.IsLowSurrogate(text[start]) ? start + 1 : start)..];
    }
}
