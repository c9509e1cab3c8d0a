using System.Globalization;
using System.Text;

namespace OpAgent.Acp.Folding;

/// <summary>Content that is not text, as a few words of Markdown: a link where it can be followed, never the data itself.</summary>
internal static class ContentMention
{
    private const int MaxLabel = 200;
    private const int MaxUri = 2_000;

    public static string Write(ContentBlock content) => content switch
    {
        ImageContent image => Link("image", image.Uri) ?? $"[image, {Size(image.Data)}]",
        AudioContent audio => $"[audio, {Size(audio.Data)}]",
        ResourceLink link => Mention(link.Title ?? link.Name, link.Uri),
        EmbeddedResource { Resource: var resource } => Mention(FileName(resource.Uri), resource.Uri),
        _ => "[content of an unknown kind]",
    };

    /// <summary>Text in a code span.</summary>
    public static string Code(string text) => $"`{Shortened.Text(text.ReplaceLineEndings(" "), MaxLabel).Replace('`', '\'')}`";

    private static string Mention(string label, string uri) => Link(label, uri) ?? Escape(label);

    private static string? Link(string label, string? address)
    {
        if (address is null or { Length: > MaxUri } || !Uri.TryCreate(address, UriKind.Absolute, out var uri)) return null;
        if (uri.Scheme is not ("http" or "https" or "file")) return null;
        var target = uri.AbsoluteUri.Replace("(", "%28").Replace(")", "%29");
        return $"[{Escape(label)}]({target})";
    }

    private static string Escape(string label)
    {
        var escaped = new StringBuilder();
        foreach (var c in Shortened.Text(label, MaxLabel))
        {
            if (char.IsControl(c)) escaped.Append(' ');
            else if (c is '\\' or '[' or ']' or '<' or '>' or '`' or '*' or '_' or '&' or '!') escaped.Append('\\').Append(c);
            else escaped.Append(c);
        }
        return escaped.Length > 0 ? escaped.ToString() : "resource";
    }

    private static string FileName(string uri) => uri[(uri.TrimEnd('/').LastIndexOf('/') + 1)..];

    private static string Size(string base64)
    {
        var bytes = base64.Length * 3L / 4;
        return bytes switch
        {
            < 1024 => $"{bytes} bytes",
            < 1024 * 1024 => $"{bytes / 1024} KB",
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.0} MB"),
        };
    }
}
