using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OpAgent.Core.Documents;

/// <summary>
/// Reads a YAML map with the place of every value. Anchors and aliases are refused, size and depth are capped:
/// the files come from repositories, and the parser takes seconds for some hundred kilobytes of open brackets.
/// </summary>
internal sealed class YamlText
{
    public const int MaxLength = 256 * 1024;
    private const int MaxDepth = 32;

    private readonly string _text;
    private readonly Parser _parser;
    private int _countedTo;
    private int _line = 1;

    private YamlText(string text)
    {
        _text = text;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The map in <paramref name="text"/>; an empty one for an empty file.</summary>
    public static DocumentResult Read(string text)
    {
        if (text.Length > MaxLength) return DocumentResult.Failed(1, $"expected at most {MaxLength / 1024} KiB, found {text.Length / 1024} KiB");

        var reader = new YamlText(text);
        try
        {
            return new DocumentResult(reader.ReadDocument(), 0, "");
        }
        catch (RefusedException refused)
        {
            return DocumentResult.Failed(refused.Line, refused.Message);
        }
    }

    private DocumentNode ReadDocument()
    {
        Next(); // the stream's start
        if (Next() is StreamEnd) return new DocumentNode(NodeKind.Map, "", 1, 0, 0);

        var root = ReadNode(Next(), depth: 1);
        if (root.Kind == NodeKind.Null) root = root with { Kind = NodeKind.Map };
        if (root.Kind != NodeKind.Map) throw new RefusedException(root.Line, $"expected keys with values, found {root.Describe()}");

        Next(); // the document's end
        if (Next() is DocumentStart second) throw new RefusedException(LineOf(second), "expected one YAML document, found a second one");
        return root;
    }

    private DocumentNode ReadNode(ParsingEvent parsed, int depth)
    {
        var line = LineOf(parsed);
        if (parsed is AnchorAlias || parsed is NodeEvent { Anchor.IsEmpty: false })
            throw new RefusedException(line, "expected plain values, found a YAML anchor or alias");
        if (depth > MaxDepth) throw new RefusedException(line, $"expected at most {MaxDepth} levels");

        return parsed switch
        {
            Scalar scalar => ReadScalar(scalar, line),
            SequenceStart sequence => ReadSequence(sequence, line, depth),
            MappingStart mapping => ReadMapping(mapping, line, depth),
            _ => throw new RefusedException(line, "expected a value"),
        };
    }

    private DocumentNode ReadScalar(Scalar scalar, int line)
    {
        var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
        // For some broken input the scanner puts a scalar's end before its start.
        if (start > end || end > _text.Length) throw new RefusedException(line, "expected YAML, found something that cannot be read");

        // A block scalar's mark lies behind the blank lines that follow it.
        end = start + _text.AsSpan(start..end).TrimEnd().Length;
        var kind = scalar.Style != ScalarStyle.Plain ? NodeKind.Text : scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => NodeKind.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => NodeKind.Boolean,
            _ => NodeKind.Text,
        };
        return new DocumentNode(kind, scalar.Value, line, start, end);
    }

    private DocumentNode ReadSequence(SequenceStart sequence, int line, int depth)
    {
        var items = new List<DocumentNode>();
        ParsingEvent next;
        while ((next = Next()) is not SequenceEnd) items.Add(ReadNode(next, depth + 1));

        var isFlow = sequence.Style == SequenceStyle.Flow;
        var end = isFlow ? (int)next.Start.Index + 1 : items.Count == 0 ? (int)sequence.End.Index : items[^1].End;
        return new DocumentNode(NodeKind.List, "", line, (int)sequence.Start.Index, end) { Items = items, IsFlow = isFlow };
    }

    private DocumentNode ReadMapping(MappingStart mapping, int line, int depth)
    {
        var entries = new List<DocumentEntry>();
        var keys = new HashSet<string>();
        ParsingEvent next;
        while ((next = Next()) is not MappingEnd)
        {
            var key = ReadNode(next, depth + 1);
            if (!key.IsScalar) throw new RefusedException(key.Line, $"expected a key, found {key.Describe()}");
            if (!keys.Add(key.Text)) throw new RefusedException(key.Line, $"expected every key once, found '{key.Text}' again");
            entries.Add(new DocumentEntry(key.Text, key.Line, key.Start, ReadNode(Next(), depth + 1)));
        }

        var isFlow = mapping.Style == MappingStyle.Flow;
        var end = isFlow ? (int)next.Start.Index + 1 : entries.Count == 0 ? (int)mapping.End.Index : entries[^1].Value.End;
        return new DocumentNode(NodeKind.Map, "", line, (int)mapping.Start.Index, end) { Entries = entries, IsFlow = isFlow };
    }

    private ParsingEvent Next()
    {
        try
        {
            _parser.MoveNext();
            return _parser.Current!;
        }
        catch (YamlException broken)
        {
            throw new RefusedException(LineAt(broken.Start), $"expected YAML: {broken.Message.TrimEnd('.')}");
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // Some input trips the scanner's own assertions.
            throw new RefusedException(_line, "expected YAML, found something that cannot be read");
        }
    }

    private int LineOf(ParsingEvent parsed) => LineAt(parsed.Start);

    // The parser's own line numbers count U+2028 and the like, which no editor does.
    private int LineAt(Mark mark)
    {
        var offset = Math.Clamp((int)mark.Index, _countedTo, _text.Length);
        _line += _text.AsSpan(_countedTo, offset - _countedTo).Count('\n');
        _countedTo = offset;
        return _line;
    }

    private sealed class RefusedException(int line, string message) : Exception(message)
    {
        public int Line { get; } = line;
    }
}
