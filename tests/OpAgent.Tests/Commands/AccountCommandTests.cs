using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpAgent.Server.Storage;

namespace OpAgent.Tests.Commands;

public sealed class AccountCommandTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Serve_OfAHostWithoutAnOwner_PrintsTheLinkForTheOwner()
    {
        await using var line = new CommandLine();
        await using var host = line.Start("serve", "--urls", "http://127.0.0.1:0", "--json");
        await host.UntilSaidAsync("}}\n");
        await host.SignalAsync("TERM");

        // A host in the foreground logs to stdout, too.
        var said = JsonElement.Parse((await host.EndAsync()).Out.Split('\n').Single(text => text.StartsWith('{')));

        var setup = said.GetProperty("setup");
        var port = new Uri(said.GetProperty("urls")[0].GetString()!).Port;
        Assert.Equal($"http://opagent.localhost:{port}/setup#code={setup.GetProperty("code").GetString()}", setup.GetProperty("link").GetString());
        Assert.True(setup.GetProperty("expires").GetDateTimeOffset() > DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Host_InTheBackground_WritesNoCodeToItsLog()
    {
        await using var line = new CommandLine();

        var made = await line.JsonAsync("setup-code");

        Assert.DoesNotContain(made.GetProperty("code").GetString()!, await File.ReadAllTextAsync(line.Data.HostLog, CommandLine.Cancellation));
        Assert.DoesNotContain("#code=", await File.ReadAllTextAsync(line.Data.HostLog, CommandLine.Cancellation));
    }

    [Fact]
    public async Task SetupCode_UntilThereIsAnOwner_MakesALink()
    {
        await using var line = new CommandLine();
        var said = await line.RunAsync("setup-code");
        Assert.StartsWith("http://opagent.localhost:", said.Out);
        Assert.Contains("15 minutes", said.Error);

        using var browser = await SetUpAsync(line, said.Out.Trim().Split("#code=")[1]);

        var refused = await line.RunAsync("setup-code");
        Assert.Equal(1, refused.Exit);
        Assert.Contains("has an owner", refused.Error);
    }

    [Fact]
    public async Task UserReset_OfTheOwner_EndsTheSessionsAndMakesALink()
    {
        await using var line = new CommandLine();
        using var browser = await SetUpAsync(line, (await line.JsonAsync("setup-code")).GetProperty("code").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/account", CommandLine.Cancellation)).StatusCode);

        var said = await line.RunAsync("user", "reset", "alice");
        var nobody = await line.RunAsync("user", "reset", "nobody");

        Assert.Contains("/reset#name=alice&code=", said.Out);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/account", CommandLine.Cancellation)).StatusCode);
        Assert.Equal(1, nobody.Exit);
        Assert.Contains("user list", nobody.Error);
    }

    [Fact]
    public async Task User_AddedListedAndRemoved_ComesAndGoes()
    {
        await using var line = new CommandLine();
        var empty = await line.RunAsync("user", "list");
        using var browser = await SetUpAsync(line, (await line.JsonAsync("setup-code")).GetProperty("code").GetString()!);

        var added = await line.RunAsync("user", "add", "bob");
        var listed = await line.RunAsync("user", "list");
        var removed = await line.RunAsync("user", "remove", "bob");

        Assert.Contains("setup-code", empty.Out);
        Assert.Contains("/reset#name=bob&code=", added.Out);
        Assert.Contains("alice  owner   chosen\nbob    member  not chosen yet\n", listed.Out);
        Assert.Contains("bob cannot sign in", removed.Out);
        Assert.Equal(1, (await line.JsonAsync("user", "list")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task TokenCreate_WithScopes_MakesATokenThatCanDoOnlyThose()
    {
        await using var line = new CommandLine();

        var made = await line.JsonAsync("token", "create", "reader", "--scopes", "read", "--expires-in-days", "7");
        var wrong = await line.RunAsync("token", "create", "reader", "--scopes", "everything");

        Assert.Equal(["read"], made.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(TimeSpan.FromDays(7), made.GetProperty("expires").GetDateTimeOffset() - made.GetProperty("created").GetDateTimeOffset());
        Assert.Contains("'everything' is no scope", wrong.Error);
    }

    private static async Task<HttpClient> SetUpAsync(CommandLine line, string code)
    {
        var browser = new HttpClient { BaseAddress = new(HostAnnouncement.Read(line.Data)!.Urls.Single()) };
        var token = await browser.GetFromJsonAsync<JsonElement>("/api/v1/account/antiforgery", CommandLine.Cancellation);
        browser.DefaultRequestHeaders.Add(token.GetProperty("header").GetString()!, token.GetProperty("token").GetString());
        var answer = await browser.PostAsJsonAsync("/api/v1/account/setup", new { code, name = "alice", password = Password }, CommandLine.Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return browser;
    }
}
