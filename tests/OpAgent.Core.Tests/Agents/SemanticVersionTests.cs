using OpAgent.Core.Agents;

namespace OpAgent.Core.Tests.Agents;

public class SemanticVersionTests
{
    [Theory]
    [InlineData("1.2.3")]
    [InlineData("0.0.0")]
    [InlineData("1.0.0-alpha.1")]
    [InlineData("1.0.0-0.3.7--x")]
    [InlineData("1.0.0+001.a")]
    [InlineData("1.0.0-beta+exp.sha-5114f85")]
    public void TryParse_Version_WritesTheSame(string text)
    {
        Assert.True(SemanticVersion.TryParse(text, out var version));
        Assert.Equal(text, version.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("v1.2.3")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3-a..b")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3-é")]
    [InlineData(" 1.2.3")]
    [InlineData("1.2.99999999999999999999")]
    [InlineData(null)]
    public void TryParse_NoVersion_IsRefused(string? text) => Assert.False(SemanticVersion.TryParse(text, out _));

    [Fact]
    public void CompareTo_SpecifiedOrder_Holds()
    {
        string[] ordered =
        [
            "0.9.9", "1.0.0-0", "1.0.0-2", "1.0.0-11", "1.0.0-99999999999999999999", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
            "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
        ];

        Assert.Equal(ordered, ordered.Reverse().Select(Version).Order().Select(version => version.ToString()));
        for (var i = 1; i < ordered.Length; i++) Assert.True(Version(ordered[i - 1]) < Version(ordered[i]));
    }

    [Fact]
    public void CompareTo_OtherBuild_IsEqualInOrder()
    {
        Assert.Equal(0, Version("1.0.0+a").CompareTo(Version("1.0.0+b")));
        Assert.NotEqual(Version("1.0.0+a"), Version("1.0.0+b"));
    }

    internal static SemanticVersion Version(string text) => SemanticVersion.TryParse(text, out var version) ? version : throw new ArgumentException(text);
}
