using System.Text.RegularExpressions;

namespace OpAgent.Ui.Markdown;

/// <summary>What becomes of a link in a text that nobody vouches for.</summary>
/// <param name="Kind">How it is shown.</param>
/// <param name="Address">Where it leads; for an inert link, what is shown instead; empty where nothing is.</param>
internal sealed partial record LinkTarget(LinkKind Kind, string Address)
{
    private static readonly LinkTarget Nowhere = new(LinkKind.Inert, "");

    /// <param name="address">As the text has it.</param>
    /// <param name="place">Null where relative addresses lead nowhere.</param>
    public static LinkTarget Of(string address, ContentPlace? place)
    {
        // A browser overlooks these before it looks for the scheme.
        var written = string.Concat(address.Where(character => character is not ('\t' or '\n' or '\r'))).Trim(Overlooked);
        if (written.Length == 0) return Nowhere;
        if (written[0] == '#') return InPage(written[1..], place);
        if (written.Length > 1 && written[0] is '/' or '\\' && written[1] is '/' or '\\') return OnTheWeb(written);
        if (Citation.Match(written) is { Success: true } citation && !WebAddress.IsLoopback(citation.Groups["path"].Value))
            return InWorkspace(citation.Groups["path"].Value, "L" + citation.Groups["line"].Value, place);
        return Scheme.Match(written) is { Success: true } scheme ? WithScheme(scheme.Groups["name"].Value.ToLowerInvariant(), written, place) : Relative(written, place);
    }

    private static LinkTarget WithScheme(string scheme, string address, ContentPlace? place) => scheme switch
    {
        "http" or "https" => OnTheWeb(address),
        "mailto" when Uri.TryCreate(address, UriKind.Absolute, out var mail) => new(LinkKind.Outside, mail.AbsoluteUri),
        "file" when address.StartsWith("file:///", StringComparison.OrdinalIgnoreCase) && place?.Root is { } root => File(address["file://".Length..], root, place),
        // "localhost:3000" is no scheme, whatever the grammar says.
        _ when WebAddress.IsLoopback(scheme) => new(LinkKind.Inert, address),
        _ => Nowhere,
    };

    private static LinkTarget OnTheWeb(string address)
    {
        if (WebAddress.Parse(address) is not { } uri) return Nowhere;
        return WebAddress.IsLoopback(uri) ? new(LinkKind.Inert, address) : new(LinkKind.Outside, uri.AbsoluteUri);
    }

    private static LinkTarget File(string path, string root, ContentPlace place)
    {
        var decoded = Uri.UnescapeDataString(path);
        return decoded == root || decoded.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal) ? Relative(path, place) : Nowhere;
    }

    private static LinkTarget Relative(string address, ContentPlace? place)
    {
        var hash = address.IndexOf('#');
        var path = hash < 0 ? address : address[..hash];
        if (path.IndexOf('?') is >= 0 and var query) path = path[..query];
        return InWorkspace(path, hash < 0 ? null : Uri.EscapeDataString(Uri.UnescapeDataString(address[(hash + 1)..])), place);
    }

    private static LinkTarget InWorkspace(string path, string? fragment, ContentPlace? place) =>
        place?.FileAddress(Uri.UnescapeDataString(path), fragment) is { } address ? new(LinkKind.Inside, address) : Nowhere;

    private static LinkTarget InPage(string fragment, ContentPlace? place)
    {
        if (fragment.Length == 0) return Nowhere;
        var id = Uri.EscapeDataString(Uri.UnescapeDataString(fragment));
        return new(LinkKind.Heading, place?.Page is { } page ? $"{page}#{id}" : $"#{ContentIds.Prefix}{id}");
    }

    private static readonly char[] Overlooked = [.. Enumerable.Range(0, 0x21).Select(code => (char)code)];

    // docs/a.md:12, a.cs:12:5, a.cs:12-20
    [GeneratedRegex(@"^(?=[^:]*[./])(?<path>[^:?#\s]+):(?<line>[0-9]{1,7})([:-][0-9]{1,7})?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Citation { get; }

    [GeneratedRegex("^(?<name>[A-Za-z][A-Za-z0-9+.-]*):", RegexOptions.ExplicitCapture)]
    private static partial Regex Scheme { get; }
}

/// <summary>How a link is shown.</summary>
internal enum LinkKind
{
    /// <summary>As text.</summary>
    Inert,

    /// <summary>A link to a heading of the same text.</summary>
    Heading,

    /// <summary>A link to a page of this host.</summary>
    Inside,

    /// <summary>A link that opens in a tab of its own and tells the other site nothing.</summary>
    Outside,
}
