using CsCheck;
using OpAgent.Ui.Markdown;

namespace OpAgent.Ui.Tests.Markdown;

public sealed class WebAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.1", true)]
    [InlineData("0x7f000001", true)]
    [InlineData("0x", true)]
    [InlineData("00000177.1", true)]
    [InlineData("1.2.3.4.5", true)]
    [InlineData("LOCALHOST.", true)]
    [InlineData("a.b.localhost", true)]
    [InlineData("[::ffff:127.0.0.1]", true)]
    [InlineData("[64:ff9b::7f00:1]", true)]
    [InlineData("localhost.example.com", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("128.0.0.1", false)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("example.com", false)]
    [InlineData("münchen.example", true)]
    public void IsLoopback_OfHost_IsTold(string host, bool expected) => Assert.Equal(expected, WebAddress.IsLoopback(host));

    [Fact]
    public void IsLoopback_OfAnyNotationOfAnAddress_IsTold() => Gen.Select(Gen.UInt, Gen.Int[0, 5]).Sample((address, notation) =>
    {
        var (a, b, c, d) = (address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
        var host = notation switch
        {
            0 => $"{address}",
            1 => $"0x{address:X}",
            2 => "0" + Convert.ToString(address, 8),
            3 => $"{a}.{address & 0xffffff}",
            4 => $"0x{a:x}.0{Convert.ToString(b, 8)}.{address & 0xffff}",
            _ => $"{a}.{b}.{c}.{d}",
        };
        return WebAddress.IsLoopback(host) == (a is 127 or 0);
    });
}
