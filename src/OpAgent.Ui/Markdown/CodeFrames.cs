using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace OpAgent.Ui.Markdown;

/// <summary>Puts a bar with the language and a button to copy above each code block. It comes after the sanitizing: a text cannot bring a button of its own.</summary>
internal static partial class CodeFrames
{
    public static void Add(IElement body)
    {
        foreach (var code in body.QuerySelectorAll("pre").ToArray())
        {
            var language = code.GetAttribute("lang") is { } named && Language.IsMatch(named) ? named.ToLowerInvariant() : "";
            code.RemoveAttribute("lang");
            code.SetAttribute("tabindex", "0");
            Frame(code, language);
        }

        // "lang" is no language of the text anywhere else.
        foreach (var element in body.QuerySelectorAll("[lang]")) element.RemoveAttribute("lang");
    }

    private static void Frame(IElement code, string language)
    {
        var frame = Create(code, "div", "md-code");
        frame.SetAttribute("data-language", language);
        var bar = Create(code, "div", "md-code-bar");
        var label = Create(code, "span", "md-language");
        label.TextContent = language.Length == 0 ? "text" : language;
        var copy = Create(code, "button", "md-copy");
        copy.SetAttribute("type", "button");
        copy.SetAttribute("aria-label", "Copy the code");
        copy.TextContent = "Copy";
        bar.Append(label, copy);
        code.Replace(frame);
        frame.Append(bar, code);
    }

    private static IElement Create(IElement near, string name, string style)
    {
        var element = near.Owner!.CreateElement(name);
        element.ClassName = style;
        return element;
    }

    [GeneratedRegex("^[A-Za-z0-9_+#.-]{1,32}$")]
    private static partial Regex Language { get; }
}
