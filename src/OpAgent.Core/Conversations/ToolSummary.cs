using OpAgent.Core.Text;

namespace OpAgent.Core.Conversations;

/// <summary>The line that stands for a tool call: <c>✔ edit docs/intro.md</c>.</summary>
internal static class ToolSummary
{
    // A title is the agent's free text; the marker keeps all of it, the line is for reading.
    private const int MaxLength = 200;

    /// <summary>The line without the sign: kind and path, or the title where there is no path.</summary>
    public static string Label(ToolBlock tool)
    {
        var label = tool.Path is null ? tool.Title : $"{tool.Kind} {tool.Path}";
        var line = TextForm.OneLine(label);
        return TextForm.Shorten(line.Length > 0 ? line : TextForm.OneLine(tool.Kind), MaxLength);
    }

    public static string Write(ToolBlock tool) => $"{Sign(tool.Status)} {Label(tool)}";

    /// <summary>The label in a summary.</summary>
    public static string ReadLabel(string summary) => summary is ['✔' or '✖' or '…', ..] && summary is [_] or [_, ' ', ..] ? summary[1..].Trim() : summary;

    private static char Sign(string status) => status switch
    {
        "completed" => '✔',
        "failed" => '✖',
        _ => '…',
    };
}
