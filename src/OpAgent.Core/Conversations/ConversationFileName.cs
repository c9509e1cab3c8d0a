using System.Globalization;
using System.Text;

namespace OpAgent.Core.Conversations;

/// <summary>Names for conversation files: <c>2026-11-22-tighten-the-introduction.md</c>.</summary>
public static class ConversationFileName
{
    private const int MaxSlugLength = 60;
    private const string Extension = ".md";

    // Letters and what they are without their marks. The framework cannot decompose them: the programs run without ICU's data.
    private static readonly Dictionary<char, string> Folded = Fold(
        ("a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"), ("ae", "æ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęěẹẻẽếềểễệ"), ("g", "ĝğġģ"), ("h", "ĥħ"),
        ("i", "ìíîïĩīĭįıỉị"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŋ"), ("o", "òóôõöøōŏőơọỏốồổỗộớờởỡợ"), ("oe", "œ"), ("r", "ŕŗř"),
        ("s", "śŝşšșſ"), ("ss", "ß"), ("t", "ţťŧț"), ("th", "þ"), ("u", "ùúûüũūŭůűųưụủứừửữự"), ("w", "ŵ"), ("y", "ýÿŷỳỵỷỹ"), ("z", "źżž"));

    /// <summary>The name for a conversation that was begun on a day, as its offset has it. Holds only <c>a-z</c>, <c>0-9</c>, dashes and the final <c>.md</c>.</summary>
    public static string For(DateTimeOffset created, string title) => Stem(created, title) + Extension;

    /// <summary>
    /// The name of <see cref="For"/> and, without end, the ones to try after it: with <c>-2</c>, <c>-3</c> and so on before the extension.
    /// </summary>
    public static IEnumerable<string> Candidates(DateTimeOffset created, string title)
    {
        var stem = Stem(created, title);
        yield return stem + Extension;
        for (var number = 2; ; number++) yield return string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}{Extension}");
    }

    private static string Stem(DateTimeOffset created, string title) =>
        string.Create(CultureInfo.InvariantCulture, $"{created:yyyy-MM-dd}-{Slug(title)}");

    private static string Slug(string title)
    {
        var slug = new StringBuilder(MaxSlugLength + 2);
        foreach (var original in title)
        {
            var c = char.ToLowerInvariant(original);
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(c);
            else if (Folded.TryGetValue(c, out var letters)) slug.Append(letters);
            else if (!VanishesInWord(c) && slug is not { Length: 0 } && slug[^1] != '-') slug.Append('-');

            if (slug.Length >= MaxSlugLength) break;
        }
        var cut = slug.ToString(0, Math.Min(slug.Length, MaxSlugLength)).Trim('-');
        return cut.Length == 0 ? "conversation" : cut;
    }

    private static bool VanishesInWord(char c) => c is '\'' or '’' || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark;

    private static Dictionary<char, string> Fold(params ReadOnlySpan<(string Letters, string Marked)> groups)
    {
        var folded = new Dictionary<char, string>();
        foreach (var (letters, marked) in groups)
        {
            foreach (var c in marked) folded[c] = letters;
        }
        return folded;
    }
}
