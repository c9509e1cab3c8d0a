namespace OpAgent.Agents.Text.Markdown;

/// <content>Links and images.</content>
internal sealed partial class InlineScanner
{
    private int OpenBracket(int start, int textStart, bool isImage)
    {
        if (_brackets.Count < MaxOpenBrackets) _brackets.Add((start, textStart, isImage));
        return textStart;
    }

    private int CloseBracket(int at)
    {
        if (_brackets.Count == 0) return at + 1;
        var (start, textStart, isImage) = _brackets[^1];
        _brackets.RemoveAt(_brackets.Count - 1);
        var link = new Inline(InlineKind.Reference, start, at + 1) { Label = textStart..at, Target = textStart..at, IsImage = isImage, IsShort = true };
        if (at + 1 < text.Length && text[at + 1] == '(' && InlineTarget(at + 2, out var target) is var end and > 0)
        {
            _found.Add(link with { Kind = InlineKind.Link, Target = target, End = end, IsShort = false });
            return end;
        }
        if (at + 2 < text.Length && text[at + 1] == '[')
        {
            var close = LabelEnd(at + 2);
            if (close == at + 2)
            {
                _found.Add(link with { End = close + 1 });
                return close + 1;
            }
            if (close > 0)
            {
                _found.Add(link with { Target = (at + 2)..close, End = close + 1, IsShort = false });
                return close + 1;
            }
        }
        if (labels.Contains(MarkdownDocument.NormalizeLabel(text.AsSpan(textStart, at - textStart)))) _found.Add(link);
        return at + 1;
    }

    private int LabelEnd(int at)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == '[') return -1;
            else if (text[at] == ']') return at;
        }
        return -1;
    }

    /// <summary>Reads <c>target "title")</c>; the position after the parenthesis, or 0 where it is no link.</summary>
    private int InlineTarget(int at, out Range target)
    {
        target = default;
        at = SkipSpace(at);
        if (at < text.Length && text[at] == '<')
        {
            var close = text.AsSpan(at).IndexOfAny('>', '\n');
            if (close < 0 || text[at + close] == '\n') return 0;
            target = (at + 1)..(at + close);
            at += close + 1;
        }
        else
        {
            var start = at;
            for (var depth = 0; at < text.Length && text[at] > ' '; at++)
            {
                if (text[at] == '\\' && at + 1 < text.Length) at++;
                else if (text[at] == '(') depth++;
                else if (text[at] == ')' && depth-- == 0) break;
            }
            at = Math.Min(at, text.Length);
            target = start..at;
        }
        var beforeTitle = at;
        at = SkipSpace(at);
        if (at < text.Length && at > beforeTitle && text[at] is '"' or '\'' or '(')
        {
            var quote = text[at] == '(' ? ')' : text[at];
            for (at++; at < text.Length && text[at] != quote; at++)
            {
                if (text[at] == '\\') at++;
            }
            at = SkipSpace(at + 1);
        }
        return at < text.Length && text[at] == ')' ? at + 1 : 0;
    }

    private int SkipSpace(int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }
}
