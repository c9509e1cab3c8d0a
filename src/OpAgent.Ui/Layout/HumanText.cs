using System.Globalization;

namespace OpAgent.Ui.Layout;

/// <summary>Numbers and times as people read them. The exact value belongs into the title beside it.</summary>
internal static class HumanText
{
    public static string Count(long number) => number switch
    {
        < 1_000 => number.ToString(CultureInfo.InvariantCulture),
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1_000.0:0.#}k"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1_000}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number / 1_000_000.0:0.#}M"),
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{bytes / 1024} KB",
        < 1024L * 1024 * 1024 => $"{bytes / (1024 * 1024)} MB",
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.0} GB"),
    };

    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds} s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes} min",
        { TotalDays: < 1 } => $"{(int)time.TotalHours} h",
        _ => $"{(int)time.TotalDays} d",
    };

    public static string Ago(DateTimeOffset then, DateTimeOffset now) => (now - then).TotalSeconds < 5 ? "now" : $"{Duration(now - then)} ago";

    public static string Dollars(decimal amount) => string.Create(CultureInfo.InvariantCulture, $"${(amount is > 0 and < 0.01m ? amount.ToString("0.####", CultureInfo.InvariantCulture) : amount.ToString("0.00", CultureInfo.InvariantCulture))}");
}
