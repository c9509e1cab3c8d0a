using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace OpAgent.Ui.Markdown;

/// <summary>Turns <c>docs/intro.md:12</c>, as agents cite lines, into a link to that line, in running text and where it is all of a piece of code.</summary>
internal static partial class Citations
{
    private const int MostInOneText = 1000;

    private static readonly HashSet<string> Domains = new(["com", "dev", "io", "local", "net", "org"], StringComparer.OrdinalIgnoreCase);

    public static void Link(IElement body, ContentPlace place)
    {
        foreach (var text in TextsOf(body))
        {
            if (text.Data.Contains(':')) LinkIn(text, place);
        }
    }

    private static List<IText> TextsOf(IElement body)
    {
        var texts = new List<IText>();
        var open = new Stack<INode>([body]);
        while (open.TryPop(out var node))
        {
            if (node is IText text) texts.Add(text);
            else if (node is IElement { LocalName: "a" or "pre" }) continue;
            foreach (var child in node.ChildNodes) open.Push(child);
        }

        return texts;
    }

    private static void LinkIn(IText text, ContentPlace place)
    {
        var data = text.Data;
        var isCode = text.ParentElement?.LocalName == "code";
        List<INode> parts = [];
        var done = 0;
        for (var colon = data.IndexOf(':'); colon >= 0 && parts.Count < 2 * MostInOneText; colon = data.IndexOf(':', colon + 1))
        {
            if (Find(data, colon, done) is not { } range || (isCode && range.End.Value - range.Start.Value != data.Length)) continue;
            var path = data[range.Start..colon];
            var digits = colon + 1;
            while (digits < range.End.Value && char.IsAsciiDigit(data[digits])) digits++;
            if (place.FileAddress(path, "L" + data[(colon + 1)..digits]) is not { } address) continue;
            if (range.Start.Value > done) parts.Add(text.Owner!.CreateTextNode(data[done..range.Start]));
            var link = text.Owner!.CreateElement("a");
            link.SetAttribute("href", address);
            link.TextContent = data[range];
            parts.Add(link);
            done = range.End.Value;
        }

        if (parts.Count == 0) return;
        if (done < data.Length) parts.Add(text.Owner!.CreateTextNode(data[done..]));
        text.Replace([.. parts]);
    }

    // A path with a file's ending before the colon, a line after it, and nothing that says that it is part of something else.
    private static Range? Find(string text, int colon, int from)
    {
        var start = colon;
        while (start > from && colon - start < 300 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-' or '.' or '/' or '+' or '@' or '~')) start--;
        if (start > 0 && text[start - 1] is ':' or '\\' or '%' or '?' or '&' or '=' or '#') return null;
        var path = text.AsSpan(start, colon - start);
        var ending = path[(path.LastIndexOf('.') + 1)..];
        if (path.Length < 3 || ending.Length is 0 or > 10 || ending.Length == path.Length || !char.IsAsciiLetter(ending[0]) || ending.ContainsAnyExcept(EndingCharacters)) return null;
        if (!path.Contains('/') && Domains.Contains(ending.ToString())) return null;
        return Lines.Match(text, colon) is { Success: true } lines ? start..(colon + lines.Length) : null;
    }

    private static readonly System.Buffers.SearchValues<char> EndingCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    [GeneratedRegex(@"\G:[0-9]{1,7}([:-][0-9]{1,7})?(?![\w/])", RegexOptions.ExplicitCapture)]
    private static partial Regex Lines { get; }
}
