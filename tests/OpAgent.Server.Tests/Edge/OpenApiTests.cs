namespace OpAgent.Server.Tests.Edge;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_OfTheHost_DescribesEveryEndpointWithItsProblemsAndSecurity()
    {
        await using var host = await HostFixture.StartAsync();

        var document = await HostFixture.ReadAsync(await host.Owner.GetAsync("/openapi/v1.json", HostFixture.Cancellation));

        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (Path: path.Name, Operation: operation.Value))).ToList();
        Assert.Contains(operations, entry => entry.Path == "/api/v1/conversations/{id}/turns");
        foreach (var (path, operation) in operations.Where(entry => entry.Path.StartsWith("/api/", StringComparison.Ordinal)))
        {
            Assert.True(operation.TryGetProperty("summary", out _), $"{path} has no summary.");
            Assert.True(operation.GetProperty("responses").GetProperty("401").GetProperty("content").TryGetProperty("application/problem+json", out _), $"{path} says nothing of its problems.");
            var open = path is "/api/v1/account/antiforgery" or "/api/v1/account/setup" or "/api/v1/account/sign-in" or "/api/v1/account/reset";
            Assert.True(open != operation.TryGetProperty("security", out var security) && (open || security.GetArrayLength() > 0), $"{path} says nothing of security.");
        }

        var ready = document.GetProperty("paths").GetProperty("/healthz/ready").GetProperty("get").GetProperty("responses");
        Assert.Equal(["200", "503"], ready.EnumerateObject().Select(response => response.Name));
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("token").GetProperty("scheme").GetString());
    }

    [Fact]
    public async Task Document_OverTcpWithoutToken_IsClosed()
    {
        await using var host = await HostFixture.StartAsync();

        var problem = await HostFixture.ProblemOf(host.OverTcp().GetAsync("/openapi/v1.json", HostFixture.Cancellation));

        Assert.Equal("unauthorized", problem.Type);
    }
}
