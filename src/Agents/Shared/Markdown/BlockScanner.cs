using System.Collections.Immutable;

namespace OpAgent.Agents.Text.Markdown;

/// <summary>
/// Splits a Markdown source into its leaf blocks, line by line, with quotes and list items understood as far as they move the text to the right.
/// It follows CommonMark where that decides what is code, HTML or text, and knows front matter and GitHub's tables.
/// </summary>
internal sealed partial class BlockScanner(string source)
{
    private readonly List<MarkdownBlock> _blocks = [];
    private readonly List<LinePart> _parts = [];

    private BlockKind? _open;
    private int _openDepth;
    private bool _isFenced;
    private char _fence;
    private int _fenceLength;
    private int _htmlKind;
    private int _emptyItemLine;
    private int _line;

    /// <summary>The document's blocks in order. Every line that is not blank belongs to exactly one.</summary>
    public ImmutableArray<MarkdownBlock> Scan()
    {
        var lines = SourceLines.Split(source);
        var first = TakeFrontMatter(lines);
        for (var i = first; i < lines.Length; i++)
        {
            _line = i + 1;
            ScanLine(lines[i], i + 1 < lines.Length ? lines[i + 1] : default);
        }
        Close();
        return [.. _blocks];
    }

    private void ScanLine(SourceLine line, SourceLine next)
    {
        var text = source.AsSpan(line.Start, line.Length);
        var cursor = new LineCursor(text);
        var matched = MatchContainers(ref cursor);
        var allMatched = matched == _containers.Count;

        if (_open is BlockKind.Code && _isFenced && allMatched)
        {
            ContinueFence(line, ref cursor);
            return;
        }
        if (_open is BlockKind.Html && allMatched && ContinueHtml(line, ref cursor)) return;
        if (_open is BlockKind.Code or BlockKind.Html && !allMatched) Close();

        var insideParagraph = _open is BlockKind.Paragraph;
        var entered = EnterContainers(ref cursor, matched, insideParagraph);
        if (cursor.IsBlank)
        {
            if (_open is not BlockKind.Code) Close();
            // A quote ends with the first line that lacks its mark; a list item goes on after blank lines, unless it has begun with one.
            if (!entered && !allMatched) _containers.RemoveRange(matched, _containers.Count - matched);
            else if (!entered && _emptyItemLine == _line - 1 && _containers is [.., > 0]) _containers.RemoveAt(_containers.Count - 1);
            if (entered) _emptyItemLine = _line;
            return;
        }
        if (insideParagraph && !entered && !allMatched && IsLazyContinuation(ref cursor))
        {
            Append(line, ref cursor);
            return;
        }
        if (!allMatched && !entered) LeaveContainers(matched);
        StartOrContinueLeaf(line, next, ref cursor);
    }

    private void StartOrContinueLeaf(SourceLine line, SourceLine next, ref LineCursor cursor)
    {
        var insideParagraph = _open is BlockKind.Paragraph;
        if (cursor.Indent >= 4 && !insideParagraph)
        {
            if (_open is not BlockKind.Code) Open(BlockKind.Code);
            cursor.SkipColumns(4);
            Append(line, ref cursor);
            return;
        }
        if (cursor.Indent >= 4)
        {
            Append(line, ref cursor);
            return;
        }
        cursor.SkipIndent();
        var rest = cursor.Rest;
        if (_open is BlockKind.Table && rest.Contains('|'))
        {
            Append(line, ref cursor);
        }
        else if (insideParagraph && BlockStarts.UnderlineLevel(rest) is var underline and > 0)
        {
            Append(line, ref cursor);
            CloseHeading(underline);
        }
        else if (BlockStarts.HeadingLevel(rest) is var level and > 0)
        {
            Close();
            var (start, length) = BlockStarts.HeadingText(rest, level);
            var part = new LinePart(_line, line.Start + cursor.Position + start, length);
            _blocks.Add(new MarkdownBlock(BlockKind.Heading, _line, _line, [part]) { Level = level, Depth = _containers.Count });
        }
        else if (BlockStarts.FenceLength(rest) is var fence and > 0)
        {
            Open(BlockKind.Code);
            (_isFenced, _fence, _fenceLength) = (true, rest[0], fence);
            Append(line, ref cursor);
        }
        else if (BlockStarts.IsRule(rest))
        {
            Close();
            _blocks.Add(new MarkdownBlock(BlockKind.Rule, _line, _line, []) { Depth = _containers.Count });
        }
        else if (HtmlBlocks.Begins(rest, insideParagraph) is var html and > 0)
        {
            Open(BlockKind.Html);
            _htmlKind = html;
            Append(line, ref cursor);
            if (HtmlBlocks.Ends(html, rest)) Close();
        }
        else if (!insideParagraph && BlockStarts.IsDefinition(rest, out _, out _))
        {
            Open(BlockKind.Definition);
            Append(line, ref cursor);
            Close();
        }
        else if (rest.Contains('|') && BeginsTable(next))
        {
            Open(BlockKind.Table);
            Append(line, ref cursor);
        }
        else
        {
            if (!insideParagraph) Open(BlockKind.Paragraph);
            Append(line, ref cursor);
        }
    }

    private bool BeginsTable(SourceLine next)
    {
        var cursor = new LineCursor(source.AsSpan(next.Start, next.Length));
        MatchContainers(ref cursor);
        cursor.SkipIndent();
        return BlockStarts.IsDelimiterRow(cursor.Rest);
    }

    private void ContinueFence(SourceLine line, ref LineCursor cursor)
    {
        var indent = cursor.Indent;
        var closer = cursor;
        closer.SkipIndent();
        Append(line, ref cursor);
        if (indent < 4 && BlockStarts.ClosesFence(closer.Rest, _fence, _fenceLength)) Close();
    }

    private bool ContinueHtml(SourceLine line, ref LineCursor cursor)
    {
        if (_htmlKind >= 6 && cursor.IsBlank)
        {
            Close();
            return false;
        }
        Append(line, ref cursor);
        if (HtmlBlocks.Ends(_htmlKind, cursor.Rest)) Close();
        return true;
    }

    private int TakeFrontMatter(ImmutableArray<SourceLine> lines)
    {
        if (lines.Length < 2) return 0;
        var mark = source.AsSpan(lines[0].Start, lines[0].Length).TrimEnd();
        if (mark is not ("---" or "+++") || source.AsSpan(lines[1].Start, lines[1].Length).IsWhiteSpace()) return 0;
        for (var i = 1; i < lines.Length; i++)
        {
            var text = source.AsSpan(lines[i].Start, lines[i].Length).TrimEnd();
            if (!text.SequenceEqual(mark) && !(mark is "---" && text is "...")) continue;
            var parts = lines[..(i + 1)].Select((line, index) => new LinePart(index + 1, line.Start, line.Length));
            _blocks.Add(new MarkdownBlock(BlockKind.FrontMatter, 1, i + 1, [.. parts]));
            return i + 1;
        }
        return 0;
    }

    private void Open(BlockKind kind)
    {
        Close();
        _open = kind;
        _openDepth = _containers.Count;
        _isFenced = false;
    }

    private void Append(SourceLine line, ref LineCursor cursor)
    {
        // Blank lines inside indented code were left out when they came: whether they belong to it shows only now.
        if (_open is not BlockKind.Code) cursor.SkipIndent();
        _parts.Add(new LinePart(_line, line.Start + cursor.Position, line.Length - cursor.Position));
    }

    private void CloseHeading(int level)
    {
        _open = null;
        var text = _parts[..^1];
        _blocks.Add(new MarkdownBlock(BlockKind.Heading, _parts[0].Line, _line, [.. text]) { Level = level, Depth = _openDepth });
        _parts.Clear();
    }

    private void Close()
    {
        if (_open is { } kind) _blocks.Add(new MarkdownBlock(kind, _parts[0].Line, _parts[^1].Line, [.. _parts]) { Depth = _openDepth });
        _open = null;
        _parts.Clear();
    }
}
