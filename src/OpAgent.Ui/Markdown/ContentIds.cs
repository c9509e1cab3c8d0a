using System.Globalization;
using System.Text;

namespace OpAgent.Ui.Markdown;

/// <summary>Names for headings, unique in one text, in GitHub's way: lower case, spaces become dashes, punctuation goes.</summary>
internal sealed class ContentIds
{
    /// <summary>Stands before each id that a text brings, so that none can be taken for one of the page's.</summary>
    public const string Prefix = "user-content-";

    private readonly Dictionary<string, int> _given = [];

    public string Next(string heading)
    {
        var slug = Slug(heading);
        if (_given.TryAdd(slug, 0)) return slug;
        while (true)
        {
            var numbered = $"{slug}-{++_given[slug]}";
            if (_given.TryAdd(numbered, 0)) return numbered;
        }
    }

    private static string Slug(string heading)
    {
        var slug = new StringBuilder(heading.Length);
        foreach (var rune in heading.Trim().EnumerateRunes())
        {
            if (rune.Value == ' ') slug.Append('-');
            else if (rune.Value is '-' or '_' || Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark)
                slug.Append(Rune.ToLowerInvariant(rune));
            if (slug.Length >= 200) break;
        }

        return slug.ToString();
    }
}
