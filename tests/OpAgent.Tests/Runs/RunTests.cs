using System.Text.Json;

namespace OpAgent.Tests.Runs;

public sealed class RunTests
{
    [Fact]
    public async Task Run_WithABundledAgent_AnswersAndWritesTheConversation()
    {
        await using var line = new CommandLine();
        line.Write("garden.md", "# Garden\n\nThe tulips grow behind the greenhouse.\n");

        var said = await line.RunAsync("run", line.Work, "Where do the tulips grow?", "--agent", "librarian");

        Assert.Equal(0, said.Exit);
        Assert.Contains("behind the greenhouse", said.Out);
        Assert.Contains("garden.md:3", said.Out);
        var file = said.Error.TrimEnd().Split('\n')[^1];
        Assert.Contains("behind the greenhouse", await File.ReadAllTextAsync(file, CommandLine.Cancellation));
        Assert.StartsWith(Path.Combine(line.Work, ".opagent/conversations/"), file);
    }

    [Theory]
    [InlineData("say fine", 0)]
    [InlineData("stop refusal", 3)]
    [InlineData("stop max_tokens", 4)]
    [InlineData("stop max_turn_requests", 5)]
    [InlineData("exit 3", 6)]
    [InlineData("stop cancelled", 130)]
    public async Task Run_ToTheEndOfATurn_EndsWithHowItEnded(string script, int exit)
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();

        Assert.Equal(exit, (await line.RunAsync("run", line.Work, script)).Exit);
    }

    [Fact]
    public async Task Run_OfATurn_SaysTheAnswerOnStdoutAndTheRestOnStderr()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();

        var said = await line.RunAsync("run", line.Work, "think hmm\nsay one \ntool t1 read Reading things\ntool-done t1 ok\nsay two");

        Assert.Equal("one two\n", said.Out);
        Assert.Contains("hmm\n• Reading things\n✔ Reading things\n", said.Error);
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("what?\nYES\n", true)]
    [InlineData("a\n", true)]
    [InlineData("n\n", false)]
    [InlineData("", false)]
    public async Task Run_WhoseAgentAsks_TakesTheAnswerFromStdin(string input, bool allows)
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();

        var said = await line.RunWithInputAsync(input, "run", line.Work, "edit notes.md changed");

        Assert.Equal(0, said.Exit);
        Assert.Contains("+changed", said.Error);
        Assert.Equal(input.Length == 0, said.Error.Contains("Use --yes"));
        Assert.Equal(allows, File.Exists(Path.Combine(line.Work, "notes.md")));
    }

    [Fact]
    public async Task Run_WithYes_AllowsOnce()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();

        var said = await line.RunAsync("run", line.Work, "edit notes.md changed", "--yes", "--json");

        var events = said.Out.TrimEnd().Split('\n').Select(item => JsonElement.Parse(item)).ToList();
        Assert.Equal("allow_once", events.Single(item => item.GetProperty("kind").GetString() == "permission.resolved").GetProperty("option").GetString());
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(item => item.GetProperty("seq").GetInt32()));
        Assert.Equal("turn.ended", events[^1].GetProperty("kind").GetString());
        Assert.True(File.Exists(Path.Combine(line.Work, "notes.md")));
    }

    [Fact]
    public async Task Run_WhoseQuestionIsAnsweredElsewhere_GoesOn()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();
        await using var running = line.Start("run", line.Work, "say asking\nedit notes.md changed\nsay done");
        await running.UntilSaidAsync("asking");
        using var client = new Client.HostClient(line.Data);

        var permission = await OpenPermissionAsync(client);
        await client.PostAsync($"permissions/{permission}", new { option = "allow_once" }, CommandLine.Cancellation);

        Assert.Equal((0, "askingdone\n"), await running.EndAsync() is var said ? (said.Exit, said.Out) : default);
    }

    [Fact]
    public async Task Run_InADirectoryThatNobodyTrusts_RunsNothing()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync(trust: false);

        var refused = await line.RunAsync("run", line.Work, "say hello");
        var json = await line.RunAsync("run", line.Work, "say hello", "--json");
        var allowed = await line.RunAsync("run", line.Work, "say hello", "--yes");
        var trusted = await line.RunAsync("run", line.Work, "say hello");

        Assert.Equal(9, refused.Exit);
        Assert.Contains("'./scripted' would run, because .opagent/workspace.yaml, line 1, says so", refused.Error);
        Assert.Contains($"opagent open {line.Work} --trust", refused.Error);
        Assert.Equal((9, "workspace-not-trusted"), (json.Exit, JsonElement.Parse(json.Error).GetProperty("type").GetString()));
        Assert.Equal((0, 0), (allowed.Exit, trusted.Exit));
    }

    [Fact]
    public async Task Run_BelowAnOpenWorkspace_StaysInIt()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();
        Directory.CreateDirectory(Path.Combine(line.Work, "sub"));
        Directory.CreateSymbolicLink(Path.Combine(line.Work, "link"), "sub");

        var said = await line.RunAsync("run", Path.Combine(line.Work, "link"), "cwd");

        Assert.Equal((0, Path.Combine(line.Work, "sub")), (said.Exit, said.Out.Trim()));
        using var client = new Client.HostClient(line.Data);
        Assert.Single((await client.GetAsync("workspaces", CommandLine.Cancellation)).As<Server.Edge.Page<Server.Workspaces.WorkspaceView>>().Items);
    }

    [Theory]
    [InlineData("run", "/srv/none", "hello", "--agent", "librarian", "directory-not-found")]
    [InlineData("run", ".", "hello", "--agent", "nobody", "agent-not-found")]
    [InlineData("run", ".", " ", "--agent", "librarian", "invalid-request")]
    public async Task Run_OfWhatCannotBe_SaysWhatIsWrong(params string[] arguments)
    {
        await using var line = new CommandLine();

        var said = await line.RunAsync([.. arguments[..^1].Select(argument => argument == "." ? line.Work : argument), "--yes", "--json"]);

        Assert.Equal((1, arguments[^1]), (said.Exit, JsonElement.Parse(said.Error).GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Run_WithoutAnyAgent_SaysHowToChooseOne()
    {
        await using var line = new CommandLine();

        var said = await line.RunAsync("run", line.Work, "hello");

        Assert.Equal(1, said.Exit);
        Assert.Contains("--agent", said.Error);
    }

    [Fact]
    public async Task Run_ThatIsInterrupted_CancelsTheTurn()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();
        await using var running = line.Start("run", line.Work, "say working\nhang");
        await running.UntilSaidAsync("working");

        await running.SignalAsync("INT");

        Assert.Equal(130, (await running.EndAsync()).Exit);
    }

    [Fact]
    public async Task Run_InterruptedTwice_LeavesTheTurnToItself()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();
        await using var running = line.Start("run", line.Work, "ignore-cancel\nsay working\nhang");
        await running.UntilSaidAsync("working");

        await running.SignalAsync("INT");
        await running.SignalAsync("INT");

        Assert.Equal(130, (await running.EndAsync()).Exit);
    }

    [Fact]
    public async Task Run_WhoseHostIsKilled_GoesOnWithAnother()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();
        await using var running = line.Start("run", line.Work, "say one \nwait-file go\nsay two");
        await running.UntilSaidAsync("one");

        using (var host = line.Host())
        {
            host.Kill();
            await host.WaitForExitAsync(CommandLine.Cancellation);
        }

        line.Write("go", "");

        Assert.Equal((0, "one two\n"), await running.EndAsync() is var said ? (said.Exit, said.Out) : default);
    }

    private static async Task<string> OpenPermissionAsync(Client.HostClient client)
    {
        var end = Environment.TickCount64 + (long)CommandLine.Limit.TotalMilliseconds;
        while (true)
        {
            var items = JsonElement.Parse((await client.GetAsync("permissions?state=pending", CommandLine.Cancellation)).Json).GetProperty("items");
            if (items.GetArrayLength() > 0) return items[0].GetProperty("id").GetString()!;
            Assert.True(Environment.TickCount64 < end, "The agent asked nothing.");
        }
    }
}
