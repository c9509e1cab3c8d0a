using System.Net;
using System.Text;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace OpAgent.Ui.Markdown;

/// <summary>From Markdown to clean HTML, part by part.</summary>
internal static class MarkdownRendering
{
    /// <summary>A text that is complete.</summary>
    public static IReadOnlyList<MarkdownBlock> Whole(string text, ContentPlace? place)
    {
        var skipped = FrontMatter.LengthIn(text);
        var body = text[skipped..];
        var firstLine = text.AsSpan(0, skipped).Count('\n');
        var segments = MarkdownSegments.Of(body);
        var parts = segments.NeedsWhole ? Together(body, firstLine, segments, place) : null;
        return [.. (parts ?? OneByOne(body, firstLine, segments, place)).Where(block => block.Html.Length > 0)];
    }

    /// <summary>A part of a text that is one or more whole blocks.</summary>
    /// <param name="line">Where it begins in the text, 0-based.</param>
    /// <param name="ids">The names already given to headings of the text; null to give none.</param>
    public static string Segment(string text, int line, ContentIds? ids, ContentPlace? place)
    {
        if (Parse(text) is not { } document) return Plain(text);
        Annotate(document, line, ids);
        return Clean(document, place) ?? Plain(text);
    }

    /// <summary>The text as it is.</summary>
    public static string Plain(string text) => $"<pre class=\"md-plain\">{WebUtility.HtmlEncode(text)}</pre>";

    private static IEnumerable<MarkdownBlock> OneByOne(string text, int firstLine, MarkdownSegments segments, ContentPlace? place)
    {
        var ids = new ContentIds();
        for (var i = 0; i < segments.Items.Count; i++)
        {
            var line = firstLine + segments.Items[i].Line;
            yield return new(i, line + 1, Segment(segments.Text(text, i), line, ids, place));
        }
    }

    // Footnotes and the targets of links belong to all segments: the text is parsed once, and written segment by segment.
    private static List<MarkdownBlock>? Together(string text, int firstLine, MarkdownSegments segments, ContentPlace? place)
    {
        if (Parse(text) is not { } document) return null;
        Annotate(document, firstLine, new ContentIds());
        var parts = segments.Items.Select(_ => new List<Block>()).ToList();
        var notes = new List<Block>();
        var current = 0;
        foreach (var block in document)
        {
            if (block is FootnoteGroup) notes.Add(block);
            if (block is FootnoteGroup or LinkReferenceDefinitionGroup) continue;
            while (current + 1 < parts.Count && block.Span.Start >= segments.Items[current + 1].Start) current++;
            parts[current].Add(block);
        }

        var blocks = new List<MarkdownBlock>();
        for (var i = 0; i < parts.Count; i++)
            blocks.Add(new(i, firstLine + segments.Items[i].Line + 1, Clean(parts[i], place) ?? Plain(segments.Text(text, i))));
        if (notes.Count > 0) blocks.Add(new(parts.Count, blocks[^1].Line, Clean(notes, place) ?? ""));
        return blocks;
    }

    private static string? Clean(IReadOnlyCollection<Block> blocks, ContentPlace? place) =>
        Write(blocks) is { } html ? ContentHtml.Clean(html, blocks.Any(HasTags), place) : null;

    private static bool HasTags(Block block) => block switch
    {
        HtmlBlock => true,
        ContainerBlock container => container.Any(HasTags),
        LeafBlock { Inline: { } inline } => inline.Descendants<HtmlInline>().Any(),
        _ => false,
    };

    private static MarkdownDocument? Parse(string text)
    {
        if (LinkDensity.IsExcessive(text)) return null;
        try
        {
            return Markdig.Markdown.Parse(text, MarkdownSyntax.Full);
        }
        catch (ArgumentException)
        {
            // Nested deeper than the library goes.
            return null;
        }
    }

    private static string? Write(IReadOnlyCollection<Block> blocks)
    {
        using var writer = new StringWriter();
        var renderer = MarkdownSyntax.RendererFor(writer);
        try
        {
            foreach (var block in blocks) renderer.Render(block);
            return writer.ToString();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void Annotate(MarkdownDocument document, int line, ContentIds? ids)
    {
        foreach (var block in document.Descendants<Block>())
        {
            if (block is HeadingBlock heading && ids is not null) heading.GetAttributes().Id = ids.Next(TextOf(heading));
            if (block is ListItemBlock or TableRow or HeadingBlock) block.GetAttributes().AddPropertyIfNotExist("data-line", block.Line + line + 1);
        }
    }

    private static string TextOf(HeadingBlock heading)
    {
        var text = new StringBuilder();
        foreach (var inline in heading.Inline?.Descendants() ?? [])
        {
            if (inline is LiteralInline literal) text.Append(literal.Content.AsSpan());
            else if (inline is CodeInline code) text.Append(code.Content);
            else if (inline is LineBreakInline) text.Append(' ');
        }

        return text.ToString();
    }
}
