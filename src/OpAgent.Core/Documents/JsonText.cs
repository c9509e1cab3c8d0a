using System.Text;
using System.Text.Json;

namespace OpAgent.Core.Documents;

/// <summary>Reads a JSON object with the place of every value. Size and depth are capped: the files come from packages.</summary>
internal ref struct JsonText
{
    public const int MaxLength = 256 * 1024;
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;
    private int _countedTo;
    private int _line = 1;
    private int _chars;

    private JsonText(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>The object in <paramref name="text"/>.</summary>
    public static DocumentResult Read(string text)
    {
        if (text.Length > MaxLength) return DocumentResult.Failed(1, $"expected at most {MaxLength / 1024} KiB, found {text.Length / 1024} KiB");

        var json = new JsonText(Encoding.UTF8.GetBytes(text));
        try
        {
            json._reader.Read();
            var root = json.ReadNode();
            json._reader.Read(); // throws where something follows
            return root.Kind == NodeKind.Map
                ? new DocumentResult(root, 0, "")
                : DocumentResult.Failed(root.Line, $"expected a JSON object, found {root.Describe()}");
        }
        catch (JsonException broken)
        {
            return DocumentResult.Failed((int)(broken.LineNumber ?? 0) + 1, $"expected JSON, found an error at byte {broken.BytePositionInLine} of the line");
        }
        catch (FormatException refused)
        {
            return DocumentResult.Failed(json._line, refused.Message);
        }
    }

    private DocumentNode ReadNode()
    {
        var (line, start) = Place();
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(line, start),
            JsonTokenType.StartArray => ReadArray(line, start),
            JsonTokenType.String => Scalar(NodeKind.Text, ReadString(), line, start),
            JsonTokenType.Number => Scalar(NodeKind.Number, Encoding.UTF8.GetString(_reader.ValueSpan), line, start),
            JsonTokenType.True => Scalar(NodeKind.Boolean, "true", line, start),
            JsonTokenType.False => Scalar(NodeKind.Boolean, "false", line, start),
            _ => Scalar(NodeKind.Null, "", line, start),
        };
    }

    private DocumentNode ReadObject(int line, int start)
    {
        var entries = new List<DocumentEntry>();
        var keys = new HashSet<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var (keyLine, keyStart) = Place();
            var key = ReadString();
            if (!keys.Add(key)) throw new FormatException($"expected every key once, found '{key}' again");
            _reader.Read();
            entries.Add(new DocumentEntry(key, keyLine, keyStart, ReadNode()));
        }
        return new DocumentNode(NodeKind.Map, "", line, start, End()) { Entries = entries };
    }

    private DocumentNode ReadArray(int line, int start)
    {
        var items = new List<DocumentNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(ReadNode());
        return new DocumentNode(NodeKind.List, "", line, start, End()) { Items = items };
    }

    private DocumentNode Scalar(NodeKind kind, string text, int line, int start) => new(kind, text, line, start, End());

    private readonly string ReadString()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("expected text, found half of a surrogate pair");
        }
    }

    private (int Line, int Offset) Place()
    {
        Count((int)_reader.TokenStartIndex);
        return (_line, _chars);
    }

    private int End()
    {
        Count((int)_reader.BytesConsumed);
        return _chars;
    }

    private void Count(int to)
    {
        var passed = _bytes[_countedTo..to];
        _line += passed.Count((byte)'\n');
        _chars += Encoding.UTF8.GetCharCount(passed);
        _countedTo = to;
    }
}
