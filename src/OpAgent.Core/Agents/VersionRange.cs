using System.Diagnostics.CodeAnalysis;

namespace OpAgent.Core.Agents;

/// <summary>
/// The versions that will do, written as npm writes them: <c>1.2.3</c>, <c>^1.2</c>, <c>~1.2.3</c>, <c>&gt;=1.2</c>, <c>1.x</c>, <c>1.2.*</c> or <c>*</c>.
/// Prereleases are in a range only where it names one of the same major, minor and patch.
/// </summary>
public sealed record VersionRange
{
    private readonly string _text;
    private readonly SemanticVersion _lowest;
    private readonly SemanticVersion? _end; // the first one above the range

    private VersionRange(string text, SemanticVersion lowest, SemanticVersion? end) => (_text, _lowest, _end) = (text, lowest, end);

    public bool Contains(SemanticVersion version)
    {
        if (version < _lowest || (_end is not null && version >= _end)) return false;
        return !version.IsPrerelease
            || (_lowest.IsPrerelease && (version.Major, version.Minor, version.Patch) == (_lowest.Major, _lowest.Minor, _lowest.Patch));
    }

    /// <summary>The highest of <paramref name="versions"/> in this range; null where none is.</summary>
    public SemanticVersion? Best(IEnumerable<SemanticVersion> versions) => versions.Where(Contains).Max();

    public static bool TryParse(string text, [NotNullWhen(true)] out VersionRange? range)
    {
        range = null;
        var sign = text switch
        {
            ['>', '=', ..] => ">=",
            ['^' or '~', ..] => text[..1],
            _ => "",
        };
        if (ParseLowest(text[sign.Length..], out var given) is not { } lowest) return false;
        if (given == 0 && sign.Length > 0) return false;

        range = new VersionRange(text, lowest, EndOf(sign, lowest, given));
        return true;
    }

    public override string ToString() => _text;

    public bool Equals(VersionRange? other) => other is not null && _text == other._text;

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    private static SemanticVersion? EndOf(string sign, SemanticVersion lowest, int given) => sign switch
    {
        ">=" => null,
        "^" when lowest.Major > 0 || given == 1 => NextMajor(lowest),
        "^" when lowest.Minor > 0 || given == 2 => NextMinor(lowest),
        "^" => NextPatch(lowest),
        "~" when given == 1 => NextMajor(lowest),
        "~" => NextMinor(lowest),
        _ => given switch
        {
            0 => null,
            1 => NextMajor(lowest),
            2 => NextMinor(lowest),
            // The lowest version above a prerelease is that prerelease with one more identifier, which is the lowest there is.
            _ when lowest.IsPrerelease => lowest with { Prerelease = lowest.Prerelease + ".0", Build = "" },
            _ => NextPatch(lowest),
        },
    };

    // The end of a range is the lowest prerelease of what follows it, so that 2.0.0-beta is not in ^1.
    private static SemanticVersion NextMajor(SemanticVersion version) => new(version.Major + 1, 0, 0, "0");

    private static SemanticVersion NextMinor(SemanticVersion version) => new(version.Major, version.Minor + 1, 0, "0");

    private static SemanticVersion NextPatch(SemanticVersion version) => new(version.Major, version.Minor, version.Patch + 1, "0");

    /// <summary>Reads a version of which only the first numbers may be given; <paramref name="given"/> says how many are.</summary>
    private static SemanticVersion? ParseLowest(string text, out int given)
    {
        given = 3;
        if (SemanticVersion.TryParse(text, out var full)) return full;

        given = 0;
        var numbers = new long[3];
        var parts = text.Split('.');
        if (parts.Length > 3) return null;
        var isOpen = false;
        foreach (var part in parts)
        {
            if (part is "x" or "X" or "*") isOpen = true;
            else if (isOpen || !SemanticVersion.TryParseNumber(part, out numbers[given++])) return null;
        }
        return given == 3 ? null : new SemanticVersion(numbers[0], numbers[1], numbers[2]);
    }
}
