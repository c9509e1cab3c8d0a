using System.Text;
using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Librarian.Answers;

/// <summary>
/// Rewrites the links of a passage so that they lead to the same places from an answer as they did from their page: relative targets start from the searched directory,
/// and references, whose definitions are not quoted along, carry their target themselves.
/// </summary>
internal static class QuotedLinks
{
    /// <summary>The document's source with the passage's links rewritten; its lines keep their numbers.</summary>
    public static string Rewrite(string path, MarkdownDocument document, Passage passage)
    {
        var edits = new List<(int Start, int End, string Text)>();
        foreach (var block in document.Blocks)
        {
            if (block.LastLine < passage.FirstLine || block.FirstLine > passage.LastLine) continue;
            if (block.Kind is not (BlockKind.Paragraph or BlockKind.Table)) continue;
            var text = document.Text(block);
            foreach (var inline in document.Inlines(text))
            {
                if (Edit(path, document, text, inline) is { } edit) edits.Add(edit);
            }
        }
        var rewritten = new StringBuilder(document.Source);
        foreach (var (start, end, replacement) in edits.OrderByDescending(edit => edit.Start))
            rewritten.Remove(start, end - start).Insert(start, replacement);
        return rewritten.ToString();
    }

    private static (int Start, int End, string Text)? Edit(string path, MarkdownDocument document, BlockText text, Inline inline)
    {
        var target = inline.Kind is InlineKind.Link or InlineKind.Reference ? text.Text[inline.Target] : "";
        switch (inline.Kind)
        {
            case InlineKind.Link when Move(path, target) is { } moved:
                return (text.Offset(inline.Target.Start.Value), text.Offset(inline.Target.End.Value), moved);
            case InlineKind.Reference when Defined(document, target) is { } defined:
                var from = inline.Label.End.Value + 1;
                if (text.Text.AsSpan(from..inline.End).Contains('\n')) return null;
                var to = from == inline.End ? text.Offset(from - 1) + 1 : text.Offset(inline.End - 1) + 1;
                return (text.Offset(from - 1) + 1, to, $"(<{Move(path, defined) ?? defined}>)");
            default:
                return null;
        }
    }

    private static string? Defined(MarkdownDocument document, string label)
    {
        var normalized = MarkdownDocument.NormalizeLabel(label);
        if (!document.Labels.Contains(normalized)) return null;
        return document.Blocks.Where(block => block.Kind is BlockKind.Definition)
            .Select(document.Definition)
            .Where(definition => MarkdownDocument.NormalizeLabel(document.Source[definition.Label]) == normalized)
            .Select(definition => document.Source[definition.Target])
            .FirstOrDefault();
    }

    private static string? Move(string path, string target)
    {
        if (target.Contains('\n') || LinkTarget.Parse(target) is not { } parsed) return null;
        var file = parsed.Path.Length == 0 ? path : LinkChecker.Resolve(path, parsed.Path);
        if (file is null) return null;
        var moved = string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
        return parsed.Fragment is null ? moved : $"{moved}#{target[(target.IndexOf('#') + 1)..]}";
    }
}
