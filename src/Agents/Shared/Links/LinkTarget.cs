using System.Buffers;

namespace OpAgent.Agents.Text.Links;

/// <summary>A link's target taken apart, where it is one that can be looked up among files.</summary>
/// <param name="Path">Relative to the page, percent-encoding undone; empty for a place in the page itself.</param>
/// <param name="Fragment">Without <c>#</c>, percent-encoding undone; null where there is none.</param>
public sealed record LinkTarget(string Path, string? Fragment)
{
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    /// <summary>
    /// Null for what is not a relative path: an address with a scheme or a host, a path from a site's root, a template's placeholder.
    /// </summary>
    public static LinkTarget? Parse(string target)
    {
        if (target.StartsWith('/') || target.StartsWith('\\') || target.StartsWith("~/", StringComparison.Ordinal) || HasScheme(target) || IsTemplate(target)) return null;
        var hash = target.IndexOf('#');
        var path = hash < 0 ? target : target[..hash];
        var query = path.IndexOf('?');
        if (query >= 0) path = path[..query];
        return new LinkTarget(Uri.UnescapeDataString(path), hash < 0 ? null : Uri.UnescapeDataString(target[(hash + 1)..]));
    }

    private static bool HasScheme(string target)
    {
        var colon = target.IndexOf(':');
        return colon > 0 && char.IsAsciiLetter(target[0]) && target.AsSpan(0, colon).IndexOfAnyExcept(SchemeCharacters) < 0;
    }

    private static bool IsTemplate(string target) =>
        target.Contains("{{", StringComparison.Ordinal) || target.Contains("{%", StringComparison.Ordinal) || target.Contains("${", StringComparison.Ordinal)
        || target.Contains("<%", StringComparison.Ordinal);
}
