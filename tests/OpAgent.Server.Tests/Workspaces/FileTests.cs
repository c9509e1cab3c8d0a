using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace OpAgent.Server.Tests.Workspaces;

public sealed class FileTests
{
    [Fact]
    public async Task Content_ThatWasWritten_IsReadWithItsTag()
    {
        await using var host = await HostFixture.StartAsync();
        var content = $"workspaces/{await host.OpenAsync()}/files/content?path=docs/a%20b.md";
        var bytes = Encoding.UTF8.GetBytes(new string('ä', 1_500_000));

        var written = await host.Owner.PutAsync(content, new ByteArrayContent(bytes), HostFixture.Cancellation);
        var read = await host.Owner.GetAsync(content, HostFixture.Cancellation);

        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        Assert.Equal(bytes, await read.Content.ReadAsByteArrayAsync(HostFixture.Cancellation));
        Assert.NotNull(read.Headers.ETag);
        Assert.Equal(written.Headers.ETag, read.Headers.ETag);
        Assert.Equal("application/octet-stream", read.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", read.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Content_ThatTheCallerHas_IsNotSentAgain()
    {
        await using var host = await HostFixture.StartAsync();
        host.Runtime.Files["a.md"] = "hello"u8.ToArray();
        var content = $"workspaces/{await host.OpenAsync()}/files/content?path=a.md";
        var first = await host.Owner.GetAsync(content, HostFixture.Cancellation);

        using var request = new HttpRequestMessage(HttpMethod.Get, content) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        var second = await host.Owner.SendAsync(request, HostFixture.Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(HostFixture.Cancellation));
    }

    [Theory]
    [InlineData("\"other\"", null, 412, "file-changed")]
    [InlineData("other", null, 400, "invalid-request")]
    [InlineData("\"a\", \"b\"", null, 400, "invalid-request")]
    [InlineData(null, "*", 412, "file-exists")]
    [InlineData(null, "\"a\"", 400, "invalid-request")]
    public async Task Write_WhoseConditionDoesNotHold_IsRefused(string? ifMatch, string? ifNoneMatch, int status, string type)
    {
        await using var host = await HostFixture.StartAsync();
        host.Runtime.Files["a.md"] = "hello"u8.ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"workspaces/{await host.OpenAsync()}/files/content?path=a.md") { Content = new StringContent("new") };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);

        var problem = await HostFixture.ProblemOf(host.Owner.SendAsync(request, HostFixture.Cancellation));

        Assert.Equal((status, type), (problem.Status, problem.Type));
        Assert.Equal("hello"u8.ToArray(), host.Runtime.Files["a.md"]);
    }

    [Fact]
    public async Task Write_WhoseConditionHolds_Replaces()
    {
        await using var host = await HostFixture.StartAsync();
        host.Runtime.Files["a.md"] = "hello"u8.ToArray();
        var content = $"workspaces/{await host.OpenAsync()}/files/content?path=a.md";
        var tag = (await host.Owner.GetAsync(content, HostFixture.Cancellation)).Headers.ETag!;

        using var request = new HttpRequestMessage(HttpMethod.Put, content) { Content = new StringContent("new"), Headers = { IfMatch = { tag } } };
        await HostFixture.ReadAsync(await host.Owner.SendAsync(request, HostFixture.Cancellation));

        Assert.Equal("new"u8.ToArray(), host.Runtime.Files["a.md"]);
    }

    [Fact]
    public async Task List_InPages_HoldsEveryFileOnce()
    {
        await using var host = await HostFixture.StartAsync();
        foreach (var name in (string[])["a", "b", "c"]) host.Runtime.Files[name] = [1];
        var files = $"workspaces/{await host.OpenAsync()}/files?limit=2";

        var first = await host.GetAsync(files);
        var second = await host.GetAsync($"{files}&cursor={first.GetProperty("next").GetString()}");

        Assert.Equal(["a", "b"], first.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(["c"], second.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Null(second.GetProperty("next").GetString());
    }

    [Fact]
    public async Task MoveAndDelete_OfAFile_ReachTheRuntime()
    {
        await using var host = await HostFixture.StartAsync();
        host.Runtime.Files["a.md"] = [1];
        var files = $"workspaces/{await host.OpenAsync()}/files";

        var moved = await host.PostAsync($"{files}/move", new { from = "a.md", to = "b.md" });
        var made = await host.PostAsync($"{files}/directory", new { path = "drafts" });
        var deleted = await host.Owner.DeleteAsync($"{files}/content?path=b.md", HostFixture.Cancellation);

        Assert.Equal(("b.md", "directory"), (moved.GetProperty("path").GetString(), made.GetProperty("kind").GetString()));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(host.Runtime.Files);
    }

    [Theory]
    [InlineData("drafts", "drafts/old")]
    [InlineData("drafts/", "drafts/2026/drafts")]
    public async Task Move_OfADirectoryIntoItself_SaysSo(string from, string to)
    {
        await using var host = await HostFixture.StartAsync();
        var move = $"workspaces/{await host.OpenAsync()}/files/move";

        var problem = await HostFixture.ProblemOf(host.Owner.PostAsync(move, JsonContent.Create(new { from, to }), HostFixture.Cancellation));

        Assert.Equal((422, "path-invalid"), (problem.Status, problem.Type));
        Assert.Contains("inside itself", problem.Detail);
    }

    [Fact]
    public async Task Content_OfAFileThatIsNotThere_IsAProblem()
    {
        await using var host = await HostFixture.StartAsync();
        var content = $"workspaces/{await host.OpenAsync()}/files/content";

        Assert.Equal("file-not-found", (await HostFixture.ProblemOf(host.Owner.GetAsync($"{content}?path=none", HostFixture.Cancellation))).Type);
        Assert.Equal("invalid-request", (await HostFixture.ProblemOf(host.Owner.GetAsync(content, HostFixture.Cancellation))).Type);
    }
}
