namespace OpAgent.Agents.Text.Markdown;

/// <summary>The one thing of a page's front matter that a reader of the page sees.</summary>
public static class FrontMatter
{
    /// <summary>The value of <c>title</c>; null without front matter or title.</summary>
    public static string? Title(MarkdownDocument document)
    {
        if (document.Blocks is not [{ Kind: BlockKind.FrontMatter } block, ..]) return null;
        foreach (var part in block.Parts)
        {
            var line = document.Source.AsSpan(part.Start, part.Length);
            if (!line.StartsWith("title", StringComparison.OrdinalIgnoreCase)) continue;
            var rest = line["title".Length..].TrimStart();
            if (rest.IsEmpty || rest[0] is not (':' or '=')) continue;
            var value = rest[1..].Trim().ToString();
            var isQuoted = value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0];
            return isQuoted ? value[1..^1] : value.Length > 0 ? value : null;
        }
        return null;
    }
}
