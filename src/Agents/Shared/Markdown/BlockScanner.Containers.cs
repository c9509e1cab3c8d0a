namespace OpAgent.Agents.Text.Markdown;

/// <content>The block quotes and list items that are open.</content>
internal sealed partial class BlockScanner
{
    private const int MaxDepth = 100;

    // The columns that a list item's content is indented by; 0 for a block quote.
    private readonly List<int> _containers = [];

    /// <summary>How many of the open containers this line continues; the cursor moves past what belongs to them.</summary>
    private int MatchContainers(ref LineCursor cursor)
    {
        for (var i = 0; i < _containers.Count; i++)
        {
            if (_containers[i] == 0)
            {
                if (!TakeQuoteMark(ref cursor)) return i;
            }
            else if (cursor.Indent >= _containers[i])
            {
                cursor.SkipColumns(_containers[i]);
            }
            else if (!cursor.IsBlank)
            {
                return i;
            }
        }
        return _containers.Count;
    }

    /// <summary>Opens the quotes and list items that begin on this line, after closing those that it does not continue.</summary>
    private bool EnterContainers(ref LineCursor cursor, int matched, bool insideParagraph)
    {
        var entered = false;
        while (!cursor.IsBlank && cursor.Indent < 4 && _containers.Count < MaxDepth)
        {
            var probe = cursor;
            if (TakeQuoteMark(ref probe))
            {
                Enter(0);
            }
            else
            {
                var indent = probe.Indent;
                probe.SkipIndent();
                var length = BlockStarts.ListMarkerLength(probe.Rest, out var interrupts);
                if (length == 0 || BlockStarts.IsRule(probe.Rest)) break;
                if (insideParagraph && !entered && matched == _containers.Count && !interrupts) break;
                if (insideParagraph && !entered && matched == _containers.Count && BlockStarts.UnderlineLevel(probe.Rest) > 0) break;
                probe.SkipCharacters(length);
                var spaces = probe.Indent;
                var content = probe.IsBlank || spaces > 4 ? 1 : spaces;
                probe.SkipColumns(content);
                Enter(indent + length + content);
            }
            cursor = probe;
        }
        return entered;

        void Enter(int indent)
        {
            if (!entered) LeaveContainers(matched);
            entered = true;
            _containers.Add(indent);
        }
    }

    private void LeaveContainers(int matched)
    {
        Close();
        _containers.RemoveRange(matched, _containers.Count - matched);
    }

    private static bool TakeQuoteMark(ref LineCursor cursor)
    {
        var probe = cursor;
        if (probe.Indent >= 4) return false;
        probe.SkipIndent();
        if (!probe.Rest.StartsWith(">", StringComparison.Ordinal)) return false;
        probe.SkipCharacters(1);
        probe.SkipColumns(1);
        cursor = probe;
        return true;
    }

    /// <summary>A paragraph goes on without its quote mark or indentation as long as nothing else begins.</summary>
    private static bool IsLazyContinuation(ref LineCursor cursor)
    {
        if (cursor.Indent >= 4) return true;
        var probe = cursor;
        probe.SkipIndent();
        var rest = probe.Rest;
        return BlockStarts.HeadingLevel(rest) == 0 && BlockStarts.FenceLength(rest) == 0 && !BlockStarts.IsRule(rest) && HtmlBlocks.Begins(rest, insideParagraph: true) == 0;
    }
}
