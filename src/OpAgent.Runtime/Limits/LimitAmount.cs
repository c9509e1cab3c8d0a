using System.Globalization;
using OpAgent.Core.Bindings;

namespace OpAgent.Runtime.Limits;

/// <summary>Sizes in a limit's own unit, so that they can be compared by looking at them.</summary>
internal static class LimitAmount
{
    /// <summary>The limit itself, for example <c>2 GiB</c>.</summary>
    public static string Of(long limit) => Of(limit, limit);

    /// <summary>Another size in the limit's unit, with one digit behind the point, never less than it is.</summary>
    public static string Of(long bytes, long limit)
    {
        var written = BindingText.OfBytes(limit);
        var unit = written.TrimStart("0123456789").ToString();
        var bytesPerUnit = limit / long.Parse(written.AsSpan(0, written.Length - unit.Length), CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes * 10m / bytesPerUnit) / 10:0.#} {unit}");
    }
}
