using System.Globalization;

namespace OpAgent.Core.Documents;

/// <summary>Amounts with a unit, as limits are written: <c>2GiB</c>, <c>512MB</c>, <c>30m</c>, <c>90s</c>.</summary>
internal static class Quantity
{
    private static readonly (string Unit, long Bytes)[] Sizes =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ];

    private static readonly (string Unit, TimeSpan Time)[] Times =
    [
        ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    /// <summary>A size in bytes, above 0; null where the text is none.</summary>
    public static long? Bytes(string text)
    {
        foreach (var (unit, bytes) in Sizes)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)) return Number(text[..^unit.Length]) * bytes;
        }
        return null;
    }

    /// <summary>A time span above 0; null where the text is none.</summary>
    public static TimeSpan? Time(string text)
    {
        foreach (var (unit, time) in Times)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)) return Number(text[..^unit.Length]) * time;
        }
        return null;
    }

    // Six digits of any unit fit into a long.
    private static int? Number(string text) =>
        text.Length is > 0 and <= 6 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
