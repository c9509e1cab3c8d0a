namespace OpAgent.Agents.Text.Markdown;

/// <summary>Looks up single values of a page's front matter; it is not parsed any further.</summary>
public static class FrontMatter
{
    /// <summary>The text of a top-level key and its 1-based line; null where there is none.</summary>
    public static (string Text, int Line)? Find(MarkdownDocument document, string key)
    {
        if (document.Blocks is not [{ Kind: BlockKind.FrontMatter } block, ..]) return null;
        foreach (var part in block.Parts)
        {
            var line = document.Source.AsSpan(part.Start, part.Length);
            if (!line.StartsWith(key, StringComparison.OrdinalIgnoreCase)) continue;
            var rest = line[key.Length..].TrimStart();
            if (rest.IsEmpty || rest[0] is not (':' or '=')) continue;
            var value = rest[1..].Trim().ToString();
            var isQuoted = value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0];
            if (isQuoted) value = value[1..^1];
            return value.Length == 0 ? null : (value, part.Line);
        }
        return null;
    }
}
