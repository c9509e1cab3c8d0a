using System.Globalization;
using System.Text;

namespace OpAgent.Acp.Folding;

/// <summary>Puts the parts of a tool's output together, and cuts what is too long for a conversation file.</summary>
internal static class ToolBody
{
    private const int MaxLength = 64 * 1024;

    /// <summary>The body of the block, and the whole of it where the body is only the beginning.</summary>
    /// <param name="parts">What the tool produced.</param>
    /// <param name="link">Where the whole output will lie, relative to the conversation file.</param>
    public static (string Body, string? Whole) Write(IReadOnlyList<ToolPart> parts, string link)
    {
        var whole = Join(parts);
        if (whole.Length <= MaxLength) return (whole, null);
        var note = string.Create(CultureInfo.InvariantCulture, $"*Shortened: [the whole output]({link}) has {whole.Length:N0} characters.*");
        return ($"{Join(Head(parts))}\n\n{note}", whole);
    }

    private static IEnumerable<ToolPart> Head(IReadOnlyList<ToolPart> parts)
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

    private static string Join(IEnumerable<ToolPart> parts)
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
}
