using System.Collections.Immutable;
using System.Text;

namespace OpAgent.Agents.Text.Markdown;

/// <summary>What remains of a block's text when its marks are taken away: about what a reader sees.</summary>
public static class PlainText
{
    private enum Mark : byte
    {
        Text,
        Literal,
        Hidden,
    }

    /// <summary>The whole block's text on one line.</summary>
    public static string Of(MarkdownDocument document, BlockText text) => Of(text.Text, IsVisible(text.Text, document.Inlines(text)), 0, text.Text.Length);

    /// <summary>A span of a block's text on one line.</summary>
    /// <param name="isVisible">As <see cref="IsVisible"/> says for the whole text.</param>
    public static string Of(string text, bool[] isVisible, int start, int end)
    {
        var visible = new StringBuilder(end - start);
        for (var i = start; i < end; i++)
        {
            if (isVisible[i]) visible.Append(text[i] == '\n' ? ' ' : text[i]);
        }
        return visible.ToString().Trim();
    }

    /// <summary>For each character of a block's text, whether a reader sees it.</summary>
    public static bool[] IsVisible(string text, ImmutableArray<Inline> inlines)
    {
        var marks = new Mark[text.Length];
        foreach (var inline in inlines) Take(inline, text, marks);
        HideEmphasis(text, marks);
        return Array.ConvertAll(marks, mark => mark is not Mark.Hidden);
    }

    private static void Take(Inline inline, string text, Span<Mark> marks)
    {
        switch (inline.Kind)
        {
            case InlineKind.Html:
                marks[inline.Start..inline.End].Fill(Mark.Hidden);
                break;
            case InlineKind.Escape:
                marks[inline.Start] = Mark.Hidden;
                marks[inline.Start + 1] = Mark.Literal;
                break;
            case InlineKind.Code:
                var ticks = text.AsSpan(inline.Start..inline.End).IndexOfAnyExcept('`');
                marks[inline.Start..inline.End].Fill(Mark.Hidden);
                marks[(inline.Start + ticks)..(inline.End - ticks)].Fill(Mark.Literal);
                break;
            case InlineKind.Math or InlineKind.Autolink:
                marks[inline.Start..inline.End].Fill(Mark.Literal);
                break;
            case InlineKind.Link or InlineKind.Reference:
                marks[inline.Start..inline.Label.Start.Value].Fill(Mark.Hidden);
                marks[inline.Label.End.Value..inline.End].Fill(Mark.Hidden);
                break;
        }
    }

    // A run of * or _ is emphasis when it touches a word on one side; an underscore inside a word is part of it.
    private static void HideEmphasis(string text, Span<Mark> marks)
    {
        for (var i = 0; i < text.Length;)
        {
            var end = i + 1;
            if (marks[i] is not Mark.Text || text[i] is not ('*' or '_' or '~'))
            {
                i = end;
                continue;
            }
            while (end < text.Length && text[end] == text[i]) end++;
            var before = i > 0 && !char.IsWhiteSpace(text[i - 1]);
            var after = end < text.Length && !char.IsWhiteSpace(text[end]);
            var insideWord = i > 0 && end < text.Length && char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[end]);
            var isEmphasis = text[i] switch
            {
                '~' => end - i == 2,
                '_' => (before || after) && !insideWord,
                _ => before || after,
            };
            if (isEmphasis) marks[i..end].Fill(Mark.Hidden);
            i = end;
        }
    }
}
