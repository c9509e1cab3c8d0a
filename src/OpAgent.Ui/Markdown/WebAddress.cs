using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpAgent.Ui.Markdown;

/// <summary>What an address on the web leads to, seen as a browser would see it.</summary>
internal static class WebAddress
{
    /// <summary>An http or https address in its canonical form; null where it is none that can be followed safely.</summary>
    public static Uri? Parse(string address)
    {
        // A browser reads a backslash as a slash, and "http:name" or "https:/name" as "http://name".
        var written = address.Replace('\\', '/');
        if (written.StartsWith("//", StringComparison.Ordinal)) written = "https:" + written;
        var colon = written.IndexOf(':');
        if (colon < 0) return null;
        written = $"{written[..colon]}://{written[(colon + 1)..].TrimStart('/')}";
        if (!Uri.TryCreate(written, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return null;
        // A name before the host is made to mislead.
        return uri.UserInfo.Length == 0 && uri.Host.Length > 0 ? uri : null;
    }

    /// <summary>Whether the address leads back to the reader's own machine, in whatever notation, or may.</summary>
    public static bool IsLoopback(Uri uri) => IsLoopback(uri.Host);

    /// <param name="host">A host name or address. One that is not plain enough to tell counts as loopback.</param>
    public static bool IsLoopback(string host)
    {
        // Letters beyond ASCII have many ways to stand for "localhost" or for a number, in whatever form they are written.
        if (!Ascii.IsValid(host) || host.Contains('%') || host.Contains("xn--", StringComparison.OrdinalIgnoreCase)) return true;
        var name = host.TrimEnd('.').ToLowerInvariant();
        if (name is "localhost" or "" || name.EndsWith(".localhost", StringComparison.Ordinal)) return true;
        if (name.StartsWith('[') || name.Contains(':'))
            return !IPAddress.TryParse(name.Trim('[', ']'), out var six) || IsLoopback(six);
        if (!EndsInNumber(name)) return false;
        // What looks like a number and is none leads nowhere; it is treated like the worst.
        return !TryReadNumbers(name, out var four) || four >> 24 is 127 or 0;
    }

    private static bool IsLoopback(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return IPAddress.IsLoopback(address);
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any)) return true;
        var bytes = address.GetAddressBytes();
        // ::a.b.c.d, ::ffff:a.b.c.d, ::ffff:0:a.b.c.d and 64:ff9b::a.b.c.d carry an IPv4 address at the end.
        return (bytes.AsSpan(0, 8).IndexOfAnyExcept((byte)0) < 0 || address.ToString().StartsWith("64:ff9b:", StringComparison.Ordinal)) && bytes[12] is 127 or 0;
    }

    private static bool EndsInNumber(string name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        return last.Length > 0 && (last.All(char.IsAsciiDigit) || last.StartsWith("0x", StringComparison.Ordinal));
    }

    // One to four numbers, decimal, octal or hexadecimal; the last one fills what is left of the 32 bits.
    private static bool TryReadNumbers(string name, out uint address)
    {
        address = 0;
        var parts = name.Split('.');
        if (parts.Length > 4) return false;
        for (var i = 0; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            if (!TryReadNumber(parts[i], out var number) || number > (isLast ? uint.MaxValue >> (8 * i) : 255)) return false;
            address |= isLast ? (uint)number : (uint)number << (24 - 8 * i);
        }

        return true;
    }

    private static bool TryReadNumber(string text, out ulong number)
    {
        number = 0;
        if (text.StartsWith("0x", StringComparison.Ordinal))
            return text.Length == 2 || ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        if (text.Length < 2 || text[0] != '0')
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        foreach (var digit in text)
        {
            if (digit is < '0' or > '7' || number > uint.MaxValue) return false;
            number = number * 8 + (ulong)(digit - '0');
        }

        return true;
    }
}
