using OpAgent.Core.Agents;

namespace OpAgent.Core.Tests.Agents;

public class VersionRangeTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3 1.2.3+build", "1.2.2 1.2.4 1.2.3-beta")]
    [InlineData("1.2.3-beta.2", "1.2.3-beta.2", "1.2.3-beta.1 1.2.3-beta.2.0 1.2.3-beta.3 1.2.3")]
    [InlineData("^1.2.3", "1.2.3 1.3.0 1.99.0", "1.2.2 2.0.0 2.0.0-0 1.3.0-beta")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0 1.0.0")]
    [InlineData("^0.0.3", "0.0.3", "0.0.2 0.0.4")]
    [InlineData("^1", "1.0.0 1.9.9", "0.9.9 2.0.0")]
    [InlineData("^0", "0.0.0 0.9.0", "1.0.0")]
    [InlineData("^1.2", "1.2.0 1.9.0", "1.1.9 2.0.0")]
    [InlineData("^0.0", "0.0.0 0.0.9", "0.1.0")]
    [InlineData("^1.2.3-beta.2", "1.2.3-beta.2 1.2.3-rc 1.2.3 1.5.0", "1.2.3-beta.1 1.2.4-beta.2 2.0.0")]
    [InlineData("~1.2.3", "1.2.3 1.2.9", "1.2.2 1.3.0 1.3.0-0")]
    [InlineData("~1.2", "1.2.0 1.2.9", "1.1.0 1.3.0")]
    [InlineData("~1", "1.0.0 1.9.0", "2.0.0")]
    [InlineData(">=1.2.3", "1.2.3 2.0.0", "1.2.2 2.0.0-beta")]
    [InlineData(">=1.2", "1.2.0 9.0.0", "1.1.9")]
    [InlineData("1.x", "1.0.0 1.9.0", "0.9.0 2.0.0")]
    [InlineData("1", "1.0.0 1.9.0", "0.9.0 2.0.0")]
    [InlineData("1.2.*", "1.2.0 1.2.9", "1.1.0 1.3.0")]
    [InlineData("^1.X", "1.0.0 1.9.0", "2.0.0")]
    [InlineData("*", "0.0.0 9.9.9", "1.0.0-beta")]
    public void Contains_Version_AsNpmHasIt(string text, string inside, string outside)
    {
        Assert.True(VersionRange.TryParse(text, out var range));

        Assert.All(inside.Split(' '), version => Assert.True(range.Contains(SemanticVersionTests.Version(version)), version));
        Assert.All(outside.Split(' '), version => Assert.False(range.Contains(SemanticVersionTests.Version(version)), version));
        Assert.Equal(text, range.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("^")]
    [InlineData("^*")]
    [InlineData("1.x.3")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2-beta")]
    [InlineData("~>1")]
    [InlineData("01")]
    [InlineData("1 || 2")]
    public void TryParse_NoRange_IsRefused(string text) => Assert.False(VersionRange.TryParse(text, out _));

    [Fact]
    public void Best_SeveralVersions_IsTheHighestInside()
    {
        Assert.True(VersionRange.TryParse("^1.2", out var range));

        Assert.Equal("1.10.0", range.Best(new[] { "1.2.0", "1.10.0", "1.9.0", "2.0.0" }.Select(SemanticVersionTests.Version))?.ToString());
        Assert.Null(range.Best([SemanticVersionTests.Version("2.0.0")]));
    }
}
