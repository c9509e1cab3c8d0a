using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpAgent.Server.Storage;

namespace OpAgent.Tests.Commands;

public sealed class CommandTests
{
    [Fact]
    public async Task TokenCreate_WithAName_WritesATokenThatOpensTheApi()
    {
        await using var line = new CommandLine();

        var said = await line.RunAsync("token", "create", "phone");

        using var client = new HttpClient { BaseAddress = new(HostAnnouncement.Read(line.Data)!.Urls.Single()) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/workspaces", CommandLine.Cancellation)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", said.Out.Trim());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/workspaces", CommandLine.Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Open_OfADirectory_SaysWhetherItIsTrusted()
    {
        await using var line = new CommandLine();

        var opened = await line.RunAsync("open", line.Work);
        var trusted = await line.JsonAsync("open", line.Work, "--trust");
        var missing = await line.RunAsync("open", Path.Combine(line.Work, "none"));

        Assert.Contains("not trusted", opened.Out);
        Assert.True(trusted.GetProperty("trusted").GetBoolean());
        Assert.Equal(1, missing.Exit);
        Assert.Contains("does not exist", missing.Error);
    }

    [Fact]
    public async Task AgentsInstall_OfADirectory_ListsTheAgent()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync(trust: false);

        var installed = await line.RunAsync("agents", "install", Path.Combine(line.Work, "scripted"));
        var listed = await line.RunAsync("agents", "list");
        var broken = await line.RunAsync("agents", "install", line.Work);

        Assert.Contains("scripted-python@1.0.0 is installed", installed.Out);
        Assert.Contains("librarian", listed.Out);
        Assert.Contains("proofreader", listed.Out);
        Assert.Contains("scripted-python", listed.Out);
        Assert.Equal(1, broken.Exit);
        Assert.Contains("agent.json", broken.Error);
    }

    [Fact]
    public async Task Search_ForWhatWasSaid_FindsTheConversationAlsoAfterTheIndexIsGone()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();
        await line.RunAsync("run", line.Work, "say the tulips are red");

        var found = await line.JsonAsync("search", "tulips are");
        await line.RunAsync("stop");
        foreach (var file in Directory.GetFiles(line.Data.Path, "index.db*")) File.Delete(file);
        var again = await line.JsonAsync("search", "tulips are");
        var nothing = await line.RunAsync("search", "\"are tulips\"");

        Assert.Equal(3, found.GetProperty("items").GetArrayLength());
        Assert.Equal(found.GetRawText(), again.GetRawText());
        Assert.Contains("Nothing was found", nothing.Out);
    }

    [Fact]
    public async Task PsTree_OfAnAgentWithAChild_ShowsWhoStartedWhom()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();
        await line.RunAsync("run", line.Work, "spawn-child 100");

        var said = await line.RunAsync("ps", "--tree");

        var lines = said.Out.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("PID", lines[0]);
        Assert.Contains("  sleep 100", lines[2]);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("open")]
    [InlineData("token", "create")]
    [InlineData("user", "reset")]
    [InlineData("agents", "install")]
    [InlineData("search")]
    [InlineData("frobnicate")]
    [InlineData("ps", "--forest")]
    [InlineData("run", ".", "hello", "--agent", "")]
    public async Task Command_ThatIsWrittenWrong_EndsWithTheUsageCode(params string[] arguments)
    {
        await using var line = new CommandLine();

        var said = await line.RunAsync(arguments);
        var inJson = await line.RunAsync([.. arguments, "--json"]);

        Assert.Equal((2, 2), (said.Exit, inJson.Exit));
        Assert.NotEmpty(said.Error);
        Assert.Equal(("usage", ""), (JsonElement.Parse(inJson.Error).GetProperty("type").GetString(), inJson.Out));
        Assert.False(Directory.Exists(line.Data.Path));
    }

    [Fact]
    public async Task Help_OfTheProgram_NamesItsCommands()
    {
        await using var line = new CommandLine();

        var said = await line.RunAsync("--help");

        Assert.Equal(0, said.Exit);
        foreach (var command in (string[])["serve", "open", "run", "ps", "search", "agents", "setup-code", "user", "token", "stop"]) Assert.Contains($"\n  {command}", said.Out);
        Assert.DoesNotContain("--detach", said.Out);
        foreach (var code in typeof(ExitCode).GetFields().Where(field => field.FieldType == typeof(int)).Select(field => (int)field.GetValue(null)!)) Assert.Contains($"\n  {code} ", said.Out);
    }
}
