using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using OpAgent.Ui.Assets;

namespace OpAgent.Ui.Tests.Assets;

public sealed class AssetsTests
{
    [Fact]
    public async Task UseAssets_ForFile_ServesItForRevalidation()
    {
        var directory = Directory.CreateTempSubdirectory("opagent-assets");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "a.js"), "1");
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            await using var app = builder.Build();
            app.UseAssets(directory.FullName);
            app.MapGet("/{**any}", () => "page");
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };

            using var first = await client.GetAsync("/assets/a.js");
            Assert.Equal("text/javascript", first.Content.Headers.ContentType?.MediaType);
            Assert.True(first.Headers.CacheControl?.NoCache);
            Assert.Equal("nosniff", Assert.Single(first.Headers.GetValues("X-Content-Type-Options")));

            using var again = new HttpRequestMessage(HttpMethod.Get, "/assets/a.js");
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var unchanged = await client.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

            using var missing = await client.GetAsync("/assets/b.js");
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
            using var outside = await client.GetAsync("/assets/..%2f..%2fetc/passwd");
            Assert.NotEqual(HttpStatusCode.OK, outside.StatusCode);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
