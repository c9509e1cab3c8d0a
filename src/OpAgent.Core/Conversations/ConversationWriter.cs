using System.Globalization;
using System.Text;
using OpAgent.Core.Text;

namespace OpAgent.Core.Conversations;

/// <summary>Writes normalized conversations.</summary>
internal static class ConversationWriter
{
    public static string Write(Conversation conversation)
    {
        var file = new StringBuilder(FrontMatter.Write(conversation.Header));
        if (conversation.Preamble.Length > 0) file.Append('\n').Append(MarkerLine.Escape(conversation.Preamble, inDetails: false)).Append('\n');
        foreach (var turn in conversation.Turns) AppendTurn(file.Append('\n'), turn);
        return file.ToString();
    }

    public static string WriteTurn(Turn turn)
    {
        var part = new StringBuilder();
        AppendTurn(part, turn);
        return part.ToString();
    }

    /// <summary>The heading below a turn's marker: the name without the version.</summary>
    public static string Heading(string by)
    {
        var at = by.IndexOf('@');
        return $"## {TextForm.OneLine(at < 0 ? by : by[..at])}".TrimEnd();
    }

    /// <summary>A time as all of OpAgent's files have it: UTC, in whole seconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void AppendTurn(StringBuilder file, Turn turn)
    {
        file.Append(Marker(turn)).Append('\n').Append(Heading(turn.By)).Append('\n');
        foreach (var block in turn.Blocks)
        {
            file.Append('\n');
            switch (block)
            {
                case TextBlock text:
                    file.Append(MarkerLine.Escape(text.Text, inDetails: false)).Append('\n');
                    break;
                case ThoughtBlock thought:
                    AppendDetails(file, new MarkerWriter("thought"), "Thought", thought.Text);
                    break;
                case ToolBlock tool:
                    AppendDetails(file, Marker(tool), ToolSummary.Write(tool), tool.Body);
                    break;
                case PlanBlock plan:
                    AppendDetails(file, new MarkerWriter("plan"), Checklist.Summary(plan), Checklist.Write(plan));
                    break;
                case NoticeBlock notice:
                    AppendDetails(file, new MarkerWriter("notice").Add("kind", notice.Kind), notice.Summary, notice.Body);
                    break;
            }
        }
    }

    private static void AppendDetails(StringBuilder file, MarkerWriter marker, string summary, string body)
    {
        file.Append(marker).Append("\n<details><summary>").Append(EscapeHtml(summary)).Append("</summary>\n\n");
        if (body.Length > 0) file.Append(MarkerLine.Escape(body, inDetails: true)).Append("\n\n");
        file.Append("</details>\n");
    }

    private static MarkerWriter Marker(Turn turn) => new MarkerWriter("turn")
        .Add("id", turn.Id.ToString())
        .Add("by", turn.By)
        .Add("at", Time(turn.At))
        .Add("attachments", turn.Attachments)
        .Add("stop", turn.Stop)
        .Add("in", turn.In)
        .Add("out", turn.Out)
        .Add("cost", turn.Cost)
        .Add("error", turn.Error);

    private static MarkerWriter Marker(ToolBlock tool) => new MarkerWriter("tool")
        .Add("id", tool.Id)
        .Add("kind", tool.Kind)
        .Add("status", tool.Status)
        .Add("path", tool.Path)
        .Add("ms", tool.Milliseconds)
        .Add("decision", tool.Decision)
        .Add("title", tool.Title == ToolSummary.Label(tool) ? null : tool.Title);

    private static string EscapeHtml(string line) => line.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
