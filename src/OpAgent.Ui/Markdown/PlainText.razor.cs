using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace OpAgent.Ui.Markdown;

/// <summary>Shows a text as it is, part by part: a long one would take the browser long to lay out.</summary>
public sealed partial class PlainText : ComponentBase
{
    private const int PartLength = 256 * 1024;

    private int _parts = 1;

    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    private IEnumerable<(int Start, int Length)> Shown
    {
        get
        {
            var start = 0;
            for (var i = 0; i < _parts && start < Text.Length; i++)
            {
                var end = EndOf(start);
                yield return (start, end - start);
                start = end;
            }
        }
    }

    private int Rest => Text.Length - Shown.Sum(part => part.Length);

    private string Left => Rest < 1024 * 1024
        ? string.Create(CultureInfo.InvariantCulture, $"{Rest / 1024.0:0} KB")
        : string.Create(CultureInfo.InvariantCulture, $"{Rest / (1024.0 * 1024):0.0} MB");

    private void ShowMore() => _parts++;

    // At the end of a line where there is one, and never within a character.
    private int EndOf(int start)
    {
        if (Text.Length - start <= PartLength) return Text.Length;
        var end = start + PartLength;
        var line = Text.LastIndexOf('\n', end - 1, PartLength);
        if (line > start) return line + 1;
        return char.IsLowSurrogate(Text[end]) ? end - 1 : end;
    }
}
