using OpAgent.Core.Documents;

namespace OpAgent.Core.Tests.Documents;

public class QuantityTests
{
    [Theory]
    [InlineData("2GiB", 2147483648L)]
    [InlineData("512MB", 512_000_000L)]
    [InlineData("1KiB", 1024L)]
    [InlineData("7B", 7L)]
    [InlineData("0B", null)]
    [InlineData("-1B", null)]
    [InlineData("1.5GiB", null)]
    [InlineData("GiB", null)]
    [InlineData("2", null)]
    [InlineData("9999999TiB", null)]
    public void Bytes_Text_IsASize(string text, long? bytes) => Assert.Equal(bytes, Quantity.Bytes(text));

    [Theory]
    [InlineData("30m", 1800)]
    [InlineData("90s", 90)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    [InlineData("m", null)]
    [InlineData("30", null)]
    [InlineData("0s", null)]
    public void Time_Text_IsASpan(string text, int? seconds) => Assert.Equal(seconds, Quantity.Time(text)?.TotalSeconds is { } total ? (int)total : null);
}
