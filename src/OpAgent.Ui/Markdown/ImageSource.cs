using System.Buffers.Text;
using System.Text.RegularExpressions;

namespace OpAgent.Ui.Markdown;

/// <summary>Where an image of a text may be loaded from.</summary>
internal static partial class ImageSource
{
    private const int MostBytes = 1024 * 1024;

    /// <returns>An address on this host or a small picture in the text itself; null for any other.</returns>
    public static string? Of(string address, ContentPlace? place)
    {
        var written = address.Trim();
        if (written.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return IsPicture(written) ? written : null;
        if (written.Length == 0 || place is null || written[0] == '#' || written.StartsWith("//", StringComparison.Ordinal) || written.Contains('\\') || HasScheme.IsMatch(written)) return null;
        var path = written.Split('?', '#')[0];
        return place.ImageAddress(Uri.UnescapeDataString(path));
    }

    private static bool IsPicture(string address)
    {
        if (PictureStart.Match(address) is not { Success: true } start) return false;
        var data = address.AsSpan(start.Length);
        return data.Length / 4 * 3 <= MostBytes && Base64.IsValid(data);
    }

    [GeneratedRegex("^data:image/(png|jpeg|gif|webp);base64,", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex PictureStart { get; }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*:")]
    private static partial Regex HasScheme { get; }
}
