using System.Net.Http.Json;

namespace OpAgent.Server.Tests.Edge;

public sealed class ProblemTests
{
    [Theory]
    [InlineData("GET", "nothing-here", null, null, 404, "not-found")]
    [InlineData("PUT", "workspaces", "{}", "application/json", 405, "method-not-allowed")]
    [InlineData("POST", "workspaces", "path=/srv", "application/x-www-form-urlencoded", 415, "media-type-not-supported")]
    [InlineData("POST", "workspaces", "{\"path\":", "application/json", 400, "invalid-request")]
    [InlineData("POST", "workspaces", "{\"path\":7}", "application/json", 400, "invalid-request")]
    [InlineData("POST", "workspaces", "", "application/json", 400, "invalid-request")]
    [InlineData("POST", "workspaces", "{}", "application/json", 400, "invalid-request")]
    [InlineData("GET", "workspaces?limit=0", null, null, 400, "invalid-request")]
    [InlineData("GET", "workspaces?limit=many", null, null, 400, "invalid-request")]
    [InlineData("GET", "workspaces?cursor=***", null, null, 400, "invalid-request")]
    [InlineData("GET", "machines/build-9", null, null, 404, "machine-not-found")]
    [InlineData("GET", "conversations/no-uuid", null, null, 404, "conversation-not-found")]
    [InlineData("GET", "conversations/019ab3c4-0000-7000-8000-000000000000", null, null, 404, "conversation-not-found")]
    [InlineData("GET", "conversations/019ab3c4-0000-7000-8000-000000000000/events", null, null, 404, "conversation-not-found")]
    [InlineData("GET", "conversations?workspace=none", null, null, 404, "workspace-not-found")]
    public async Task Request_ThatCannotBeAnswered_GetsAProblem(string method, string path, string? body, string? mediaType, int status, string type)
    {
        await using var host = await HostFixture.StartAsync();
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null) request.Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue(mediaType!));

        var problem = await HostFixture.ProblemOf(host.Owner.SendAsync(request, HostFixture.Cancellation));

        Assert.Equal((status, type), (problem.Status, problem.Type));
    }

    [Fact]
    public async Task Request_WithABodyThatIsTooLarge_IsRefused()
    {
        await using var host = await HostFixture.StartAsync();
        using var body = new ByteArrayContent(new byte[20 * 1024 * 1024]) { Headers = { ContentType = new("application/json") } };

        var problem = await HostFixture.ProblemOf(host.Owner.PostAsync("workspaces", body, HostFixture.Cancellation));

        Assert.Equal((413, "request-too-large"), (problem.Status, problem.Type));
    }

    [Fact]
    public async Task Refusal_OfTheRuntime_KeepsItsTypeAndWords()
    {
        await using var host = await HostFixture.StartAsync();

        var problem = await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync("workspaces", new { path = "/missing/docs" }, HostFixture.Cancellation));

        Assert.Equal((404, "directory-not-found", "/missing/docs does not exist."), problem);
    }
}
