using System.Collections.Immutable;

namespace OpAgent.Agents.Text.Markdown;

/// <summary>Finds what in a block's text is not plain words: code, HTML, addresses, links and escapes. Emphasis does not matter here.</summary>
/// <param name="labels">The labels that the document defines, normalized: a lone <c>[label]</c> is a link only when it is among them.</param>
internal sealed partial class InlineScanner(string text, IReadOnlySet<string> labels)
{
    private const int MaxOpenBrackets = 1000;
    private const string Escapable = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private readonly List<Inline> _found = [];
    private readonly List<(int Start, int Text, bool IsImage)> _brackets = [];

    // A run of backticks of a length that was looked for in vain is not looked for again, or a text of backticks takes quadratic time.
    private readonly Dictionary<int, int> _noCloserBefore = [];

    /// <summary>In the order of their ends; a link comes after what stands inside it.</summary>
    public ImmutableArray<Inline> Scan()
    {
        var at = 0;
        while (at < text.Length) at = Step(at);
        return [.. _found];
    }

    private int Step(int at)
    {
        switch (text[at])
        {
            case '\\' when at + 1 < text.Length && Escapable.Contains(text[at + 1]):
                return Add(InlineKind.Escape, at, at + 2);
            case '`':
                return StepCode(at);
            case '$':
                return StepMath(at);
            case '<':
                var rest = text.AsSpan(at);
                if (InlineHtml.AutolinkLength(rest) is var link and > 0) return Add(InlineKind.Autolink, at, at + link);
                return InlineHtml.TagLength(rest) is var tag and > 0 ? Add(InlineKind.Html, at, at + tag) : at + 1;
            case 'h' or 'H' or 'w' or 'W' when IsAddressStart(at):
                return Add(InlineKind.Autolink, at, AddressEnd(at));
            case '!' when at + 1 < text.Length && text[at + 1] == '[':
                return OpenBracket(at, at + 2, isImage: true);
            case '[':
                return OpenBracket(at, at + 1, isImage: false);
            case ']':
                return CloseBracket(at);
            default:
                return at + 1;
        }
    }

    private int Add(InlineKind kind, int start, int end)
    {
        _found.Add(new Inline(kind, start, end));
        return end;
    }

    private int StepCode(int at)
    {
        var length = RunLength(at, '`');
        if (_noCloserBefore.TryGetValue(length, out var from) && at >= from) return at + length;
        for (var close = at + length; close < text.Length;)
        {
            close = text.IndexOf('`', close);
            if (close < 0) break;
            var run = RunLength(close, '`');
            if (run == length) return Add(InlineKind.Code, at, close + run);
            close += run;
        }
        _noCloserBefore[length] = at;
        return at + length;
    }

    // Dollars are math as GitHub has it: $$…$$, or $x$ with no space inside the signs and no digit after them, so that prices stay prices.
    private int StepMath(int at)
    {
        var length = RunLength(at, '$');
        if (length > 2) return at + length;
        var start = at + length;
        if (start == text.Length || (length == 1 && char.IsWhiteSpace(text[start]))) return start;
        var close = text.IndexOf(length == 2 ? "$$" : "$", start, StringComparison.Ordinal);
        if (close <= start) return start;
        if (length == 2) return Add(InlineKind.Math, at, close + 2);
        var isPrice = char.IsWhiteSpace(text[close - 1]) || text.AsSpan(start, close - start).Contains('\n')
            || (close + 1 < text.Length && char.IsLetterOrDigit(text[close + 1]));
        return isPrice ? start : Add(InlineKind.Math, at, close + 1);
    }

    private int RunLength(int at, char c)
    {
        var length = text.AsSpan(at).IndexOfAnyExcept(c);
        return length < 0 ? text.Length - at : length;
    }

    private bool IsAddressStart(int at)
    {
        if (at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '/')) return false;
        var rest = text.AsSpan(at);
        return rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || rest.StartsWith("www.", StringComparison.OrdinalIgnoreCase);
    }

    // Punctuation at the end belongs to the sentence, and so does a parenthesis that was not opened inside.
    private int AddressEnd(int at)
    {
        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('<' or '`' or '[' or ']' or '"' or '|')) end++;
        while (end > at)
        {
            var address = text.AsSpan(at, end - at);
            var isTrailing = address[^1] is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '*' or '_' or '~'
                || (address[^1] == ')' && address.Count(')') > address.Count('('));
            if (!isTrailing) break;
            end--;
        }
        return end;
    }
}
