using System.Collections.Immutable;
using System.Globalization;
using OpAgent.Agents.Proofreader.Checks;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Spelling;

/// <summary>Looks up the words of pages, where hunspell is installed. Owns the hunspell that it starts.</summary>
internal sealed class SpellingCheck : IAsyncDisposable
{
    private const int MaxCorrections = 3;
    private const int MaxOtherLines = 5;

    // Where the dictionary lacks this part of a page's words, the page is written in another language.
    private const double ForeignPart = 0.3;
    private const int ForeignWords = 20;

    private Hunspell? _hunspell;
    private bool _wasStarted;

    /// <summary>False once it is known that there is no hunspell, or no dictionary for it.</summary>
    public bool IsAvailable => !_wasStarted || _hunspell is not null;

    /// <summary>The words of a page that the dictionary does not have; each once, at its first line.</summary>
    public async Task<ImmutableArray<Finding>> FindAsync(MarkdownDocument document, CancellationToken cancellationToken)
    {
        if (!_wasStarted) _hunspell = await Hunspell.StartAsync(cancellationToken);
        _wasStarted = true;
        if (_hunspell is null) return [];
        var words = SpellingWords.Of(document);
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var word in words)
        {
            if (await _hunspell.CheckAsync(word.Text.Replace('’', '\''), cancellationToken) is { } corrections) findings.Add(ToFinding(word, corrections));
        }
        return findings.Count >= ForeignWords && findings.Count > words.Count * ForeignPart ? [] : findings.DrainToImmutable();
    }

    public async ValueTask DisposeAsync()
    {
        if (_hunspell is not null) await _hunspell.DisposeAsync();
        _hunspell = null;
        _wasStarted = false;
    }

    private static Finding ToFinding(SpellingWord word, ImmutableArray<string> corrections)
    {
        var text = $"spelling “{word.Text}”";
        if (!corrections.IsEmpty) text += $", perhaps {string.Join(", ", corrections.Take(MaxCorrections).Select(correction => $"“{correction}”"))}";
        var others = word.Lines.Skip(1).Distinct().Where(line => line != word.Lines[0]).ToArray();
        if (others.Length == 0) return new Finding(FindingKind.Spelling, word.Lines[0], text);
        text += $" (also on {(others.Length == 1 ? "line" : "lines")} {string.Join(", ", others.Take(MaxOtherLines))}";
        if (others.Length > MaxOtherLines) text += string.Create(CultureInfo.InvariantCulture, $" and {others.Length - MaxOtherLines} more");
        return new Finding(FindingKind.Spelling, word.Lines[0], text + ")");
    }
}
