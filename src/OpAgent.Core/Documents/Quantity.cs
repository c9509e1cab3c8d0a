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

    /// <summary>Writes a size with the unit that needs the smallest whole number.</summary>
    public static string WriteBytes(long bytes) => Write(Sizes.Where(size => bytes % size.Bytes == 0).Select(size => (bytes / size.Bytes, size.Unit)));

    /// <summary>Writes a time of whole seconds with the unit that needs the smallest whole number.</summary>
    public static string WriteTime(TimeSpan time) => Write(Times.Where(unit => time.Ticks % unit.Time.Ticks == 0).Select(unit => (time.Ticks / unit.Time.Ticks, unit.Unit)));

    private static string Write(IEnumerable<(long Number, string Unit)> forms)
    {
        var (number, unit) = forms.MinBy(form => form.Number);
        return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
    }

    // Six digits of any unit fit into a long.
    private static int? Number(string text) =>
        text.Length is > 0 and <= 6 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
