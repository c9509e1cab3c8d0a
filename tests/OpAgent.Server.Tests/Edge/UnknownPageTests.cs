using System.Net;

namespace OpAgent.Server.Tests.Edge;

public sealed class UnknownPageTests
{
    [Fact]
    public async Task UnknownAddress_ForAPerson_IsAPageThatSaysSo()
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        browser.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html,*/*");

        using var answer = await browser.GetAsync("/no/such/page");

        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("blazor.web.js", await answer.Content.ReadAsStringAsync(HostFixture.Cancellation));
    }

    [Theory]
    [InlineData("/no/such/page", "application/json")]
    [InlineData("/api/v1/none", "text/html")]
    public async Task UnknownAddress_ForAProgram_IsAProblem(string path, string accept)
    {
        await using var host = await HostFixture.StartAsync();
        using var browser = await host.SetUpAsync();
        browser.Http.DefaultRequestHeaders.Accept.ParseAdd(accept);

        using var answer = await browser.GetAsync(path);

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }
}
