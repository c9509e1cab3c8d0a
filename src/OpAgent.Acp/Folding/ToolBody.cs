using System.Globalization;
using System.Text;

namespace OpAgent.Acp.Folding;

/// <summary>Puts the parts of a tool's output together, and cuts what is too long for a conversation file.</summary>
internal static class ToolBody
{
    /// <summary>How long a body may be in a conversation file, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>All parts as Markdown.</summary>
    public static string Write(IEnumerable<ToolPart> parts)
    {
        var body = new StringBuilder();
        foreach (var part in parts)
        {
            var markdown = part.Write();
            if (markdown.Length is 0) continue;
            if (body.Length > 0) body.Append("\n\n");
            body.Append(markdown);
        }
        return body.ToString();
    }

    /// <summary>As much of the parts as fits, and a link to the whole output.</summary>
    public static string WriteHead(IEnumerable<ToolPart> parts, int wholeLength, string link) =>
        string.Create(CultureInfo.InvariantCulture, $"{Write(Head(parts))}\n\n*Shortened: [the whole output]({link}) has {wholeLength:N0} characters.*");

    private static IEnumerable<ToolPart> Head(IEnumerable<ToolPart> parts)
    {
        var room = MaxLength;
        foreach (var part in parts)
        {
            var fits = part.Weight <= room;
            yield return fits ? part : part.Cut(room);
            if (!fits) yield break;
            room -= part.Weight;
        }
    }
}
