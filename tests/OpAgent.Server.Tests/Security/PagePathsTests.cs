using OpAgent.Server.Security;

namespace OpAgent.Server.Tests.Security;

public sealed class PagePathsTests
{
    [Theory]
    [InlineData("/workspaces/1?x=2#y", true)]
    [InlineData("/", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("/\t/evil.example", false)]
    [InlineData("javascript:alert(1)", false)]
    public void OnThisHost_OfAPlace_IsThatPlaceOrTheStart(string? place, bool own) => Assert.Equal(own ? place : "/", PagePaths.OnThisHost(place));
}
