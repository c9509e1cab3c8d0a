using OpAgent.Ui.Layout;

namespace OpAgent.Ui.Tests.Layout;

public sealed class HumanTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(1_234, "1.2k")]
    [InlineData(41_999, "41k")]
    [InlineData(2_500_000, "2.5M")]
    public void Count_OfANumber_IsShort(long number, string text) => Assert.Equal(text, HumanText.Count(number));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(2048, "2 KB")]
    [InlineData(84L * 1024 * 1024, "84 MB")]
    [InlineData(3L * 1024 * 1024 * 1024, "3.0 GB")]
    public void Bytes_OfASize_HaveAUnit(long bytes, string text) => Assert.Equal(text, HumanText.Bytes(bytes));

    [Theory]
    [InlineData(0.21, "0.2 s")]
    [InlineData(12.7, "12 s")]
    [InlineData(125, "2 min")]
    [InlineData(7300, "2 h")]
    [InlineData(200_000, "2 d")]
    public void Duration_OfSeconds_HasOneUnit(double seconds, string text) => Assert.Equal(text, HumanText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Dollars_OfVeryLittle_AreNotNothing()
    {
        Assert.Equal("$0.0042", HumanText.Dollars(0.0042m));
        Assert.Equal("$5.00", HumanText.Dollars(5));
        Assert.Equal("$0.00", HumanText.Dollars(0));
    }
}
