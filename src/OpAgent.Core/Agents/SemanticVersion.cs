using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpAgent.Core.Agents;

/// <summary>
/// A version as Semantic Versioning 2.0 has it. The order is its precedence (section 11), which leaves the build out; equality does not.
/// </summary>
/// <param name="Major">The first number.</param>
/// <param name="Minor">The second number.</param>
/// <param name="Patch">The third number.</param>
/// <param name="Prerelease">The identifiers behind the dash, for example <c>beta.2</c>; empty for a release.</param>
/// <param name="Build">What stands behind the plus; empty if nothing.</param>
public sealed record SemanticVersion(long Major, long Minor, long Patch, string Prerelease = "", string Build = "") : IComparable<SemanticVersion>
{
    public bool IsPrerelease => Prerelease.Length > 0;

    public static bool TryParse(string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        if (text is null) return false;

        var (precedence, build) = Cut(text, '+');
        var (numbers, prerelease) = Cut(precedence, '-');
        if (build is not null && !AreIdentifiers(build, allowLeadingZero: true)) return false;
        if (prerelease is not null && !AreIdentifiers(prerelease, allowLeadingZero: false)) return false;

        var parts = numbers.Split('.');
        if (parts.Length != 3 || !TryParseNumber(parts[0], out var major) || !TryParseNumber(parts[1], out var minor) || !TryParseNumber(parts[2], out var patch))
            return false;

        version = new SemanticVersion(major, minor, patch, prerelease ?? "", build ?? "");
        return true;
    }

    public int CompareTo(SemanticVersion? other)
    {
        if (other is null) return 1;
        var order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return order != 0 ? order : ComparePrereleases(Prerelease, other.Prerelease);
    }

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    public override string ToString()
    {
        var prerelease = IsPrerelease ? $"-{Prerelease}" : "";
        var build = Build.Length > 0 ? $"+{Build}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{prerelease}{build}");
    }

    internal static bool TryParseNumber(string text, out long number)
    {
        number = 0;
        return (text.Length == 1 || !text.StartsWith('0')) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static (string Before, string? After) Cut(string text, char separator)
    {
        var index = text.IndexOf(separator);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }

    private static bool AreIdentifiers(string text, bool allowLeadingZero) => text.Split('.').All(identifier =>
        identifier.Length > 0
        && identifier.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        && (allowLeadingZero || identifier.Length == 1 || identifier[0] != '0' || !IsNumeric(identifier)));

    private static int ComparePrereleases(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0) return right.Length.CompareTo(left.Length); // a release stands above its prereleases

        var (lefts, rights) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < Math.Min(lefts.Length, rights.Length); i++)
        {
            var order = CompareIdentifiers(lefts[i], rights[i]);
            if (order != 0) return order;
        }
        return lefts.Length.CompareTo(rights.Length);
    }

    private static int CompareIdentifiers(string left, string right) => (IsNumeric(left), IsNumeric(right)) switch
    {
        // Without leading zeros the longer number is the greater one, however long it is.
        (true, true) => left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(left, right),
    };

    private static bool IsNumeric(string identifier) => identifier.All(char.IsAsciiDigit);
}
