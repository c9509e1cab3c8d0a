using System.Net;
using OpAgent.Core.Text;

namespace OpAgent.Core.Conversations;

/// <summary>Reads a conversation file line by line. The text has <c>\n</c> between its lines; what does not need unescaping is cut out of it in one piece.</summary>
internal sealed class ConversationReader(string text)
{
    private const string SummaryStart = "<details><summary>";
    private const string SummaryEnd = "</summary>";

    private readonly List<Turn> _turns = [];
    private readonly List<TurnBlock> _blocks = [];
    private string _preamble = "";
    private Turn? _turn;
    private TurnBlock? _open; // the block whose details are being read
    private int _position;
    private int _line;
    private int _segmentStart;
    private bool _segmentHasEscapes;

    public ConversationParseResult Read()
    {
        if (FrontMatter.Locate(text, out var place) is { } missing) return missing;
        var header = FrontMatter.Read(text, place);
        if (!header.IsValid) return header.Error;

        (_position, _segmentStart, _line) = (place.BodyStart, place.BodyStart, place.BodyLine - 1);
        while (_position < text.Length)
        {
            var start = _position;
            var line = NextLine();
            if (line is not ['<' or '\\', ..]) continue;

            if (MarkerLine.IsMarker(line))
            {
                EndSegment(start);
                if (Open(line) is { } error) return error;
                _segmentStart = _position;
            }
            else if (_open is not null && MarkerLine.IsDetailsEnd(line))
            {
                EndSegment(start);
                _segmentStart = _position;
            }
            else if (MarkerLine.IsEscaped(line, inDetails: _open is not null))
            {
                _segmentHasEscapes = true;
            }
        }
        EndSegment(text.Length);
        EndTurn();
        return new Conversation(header.Header) { Preamble = _preamble, Turns = _turns.ToValueList() };
    }

    private ReadOnlySpan<char> NextLine()
    {
        var rest = text.AsSpan(_position);
        var length = rest.IndexOf('\n');
        _line++;
        _position += length < 0 ? rest.Length : length + 1;
        return length < 0 ? rest : rest[..length];
    }

    private ConversationError? Open(ReadOnlySpan<char> line)
    {
        var number = _line;
        if (MarkerLine.Split(line) is not var (word, json)) return Broken(number, "marker has no --> at its end");
        if (word != "turn" && _turn is null)
            return new ConversationError(number, $"the {word} marker stands before the first turn: put a turn marker before it, or take it out");

        var fields = MarkerFields.Parse(json);
        if (word == "turn") OpenTurn(fields);
        else OpenBlock(word, fields);
        return fields.Error is { } error ? Broken(number, $"{word} marker {error}") : null;
    }

    private static ConversationError Broken(int line, string what) =>
        new(line, $"the {what}: correct it, or put a \\ at the start of the line if it is text");

    private void OpenTurn(MarkerFields fields)
    {
        EndTurn();
        if (fields.Error is not null) return;

        _turn = new Turn(fields.Id("id"), fields.Required("by"), fields.Time("at"))
        {
            Attachments = fields.Texts("attachments"),
            Stop = fields.Text("stop"),
            In = fields.Whole("in"),
            Out = fields.Whole("out"),
            Cost = fields.Amount("cost"),
            Error = fields.Text("error"),
        };
        var heading = ConversationWriter.Heading(_turn.By);
        var before = (_position, _line);
        if (!NextTextLine().TrimEnd().SequenceEqual(heading)) (_position, _line) = before;
    }

    private void OpenBlock(string word, MarkerFields fields)
    {
        if (fields.Error is not null) return;

        var summary = ReadSummary();
        _open = word switch
        {
            "tool" => ReadTool(fields, summary),
            "plan" => new PlanBlock([]),
            "thought" => new ThoughtBlock(""),
            _ => new NoticeBlock(fields.Required("kind"), summary ?? ""),
        };
    }

    private string? ReadSummary()
    {
        var before = (_position, _line);
        var line = NextTextLine().TrimEnd();
        if (line.StartsWith(SummaryStart) && line.EndsWith(SummaryEnd))
            return TextForm.OneLine(WebUtility.HtmlDecode(line[SummaryStart.Length..^SummaryEnd.Length].ToString()));

        (_position, _line) = before;
        return null;
    }

    private ReadOnlySpan<char> NextTextLine()
    {
        var line = NextLine();
        while (_position < text.Length && TextForm.IsBlank(line)) line = NextLine();
        return line;
    }

    private static ToolBlock ReadTool(MarkerFields fields, string? summary)
    {
        var tool = new ToolBlock(fields.Required("id"), fields.Required("kind"), fields.Required("status"), "")
        {
            Path = fields.Text("path"),
            Milliseconds = fields.Whole("ms"),
            Decision = fields.Text("decision"),
        };
        return tool with { Title = fields.Text("title") ?? (summary is null ? ToolSummary.Label(tool) : ToolSummary.ReadLabel(summary)) };
    }

    private void EndSegment(int end)
    {
        var trimmed = TextForm.TrimBlankLines(text.AsSpan(_segmentStart..end));
        var content = _segmentHasEscapes ? MarkerLine.Unescape(trimmed, inDetails: _open is not null) : trimmed.ToString();
        _segmentHasEscapes = false;

        if (_turn is null) _preamble = content;
        else _blocks.Add(_open is null ? new TextBlock(content) : Fill(_open, content));
        _open = null;
    }

    private static TurnBlock Fill(TurnBlock block, string content) => block switch
    {
        ThoughtBlock => new ThoughtBlock(content),
        PlanBlock => Checklist.Read(content),
        ToolBlock tool => tool with { Body = content },
        NoticeBlock notice => notice with { Body = content },
        _ => block,
    };

    private void EndTurn()
    {
        if (_turn is not null) _turns.Add((_turn with { Blocks = _blocks.ToValueList() }).Normalized());
        _blocks.Clear();
    }
}
