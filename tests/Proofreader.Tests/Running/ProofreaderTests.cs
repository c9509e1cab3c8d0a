using System.Text;
using OpAgent.Acp;
using OpAgent.Core.Agents;

namespace OpAgent.Agents.Proofreader.Tests.Running;

public sealed class ProofreaderTests : IDisposable
{
    private const string Faulty = "# Page\n\nMost of the the office.\n";
    private const string Fixed = "# Page\n\nMost of the office.\n";

    // Knows every word but one, as hunspell's pipe mode has it.
    private const string FakeHunspell = """
        #!/bin/sh
        echo "@(#) International Ispell Version 3.2.06 (but really Hunspell 1.7.2)"
        while read -r word; do
          case "$word" in
            "^recieve") echo "& recieve 2 1: receive, relieve" ;;
            *) echo "*" ;;
          esac
          echo
        done
        """;

    private readonly TemporaryTree _tree = new();
    private readonly TemporaryTree _programs = new();

    public void Dispose()
    {
        _tree.Dispose();
        _programs.Dispose();
    }

    [Fact]
    public async Task Prompt_AllowOnce_ShowsTheDiffAsksAndWrites()
    {
        _tree.Write("docs/page.md", Faulty);
        await using var agent = await StartAsync(PermissionOptionKind.AllowOnce);
        Assert.Equal(StopReason.EndTurn, (await agent.PromptAsync("Please proofread docs/page.md")).StopReason);
        Assert.Equal(Fixed, _tree.Read("docs/page.md"));

        var call = agent.Updates.OfType<ToolCall>().Single();
        var diff = (ToolCallDiff)call.Content!.Single();
        Assert.Equal((ToolKind.Edit, ToolCallStatus.Pending, _tree.FullPath("docs/page.md")), (call.Kind, call.Status, call.Locations!.Single().Path));
        Assert.Equal((_tree.FullPath("docs/page.md"), Faulty, Fixed), (diff.Path, diff.OldText, diff.NewText));
        var request = agent.Requests.Single();
        Assert.Equal(diff, request.ToolCall.Content!.Single());
        Assert.Equal((call.ToolCallId, ToolKind.Edit), (request.ToolCall.ToolCallId, request.ToolCall.Kind));
        Assert.Equal([PermissionOptionKind.AllowOnce, PermissionOptionKind.AllowAlways, PermissionOptionKind.RejectOnce], request.Options.Select(option => option.Kind));
        var ended = agent.Updates.OfType<ToolCallUpdate>().Single();
        Assert.Equal(ToolCallStatus.Completed, ended.Status);
        Assert.Equal(diff, ended.Content!.Single());
        Assert.Contains("[docs/page.md:3](docs/page.md#L3) doubled word “the the”", agent.Said);
        Assert.Contains("1 file checked: 1 finding, 1 fixed, 0 left.", agent.Said);
        Assert.Equal(0, await agent.EndAsync());
    }

    [Fact]
    public async Task Prompt_Reject_LeavesTheFileAndSaysSo()
    {
        _tree.Write("page.md", Faulty);
        await using var agent = await StartAsync(PermissionOptionKind.RejectOnce);
        Assert.Equal(StopReason.EndTurn, (await agent.PromptAsync("check page.md")).StopReason);
        Assert.Equal(Faulty, _tree.Read("page.md"));
        var ended = agent.Updates.OfType<ToolCallUpdate>().Single();
        Assert.Equal(ToolCallStatus.Failed, ended.Status);
        Assert.Contains("not allowed", ended.Content!.OfType<ToolCallContentBlock>().Select(block => ((TextContent)block.Content).Text).Single());
        Assert.Contains("1 finding, 0 fixed, 1 left.", agent.Said);
    }

    [Fact]
    public async Task Prompt_AllowAlways_AsksOnceInASession()
    {
        _tree.Write("a.md", Faulty);
        _tree.Write("b.md", Faulty);
        await using var agent = await StartAsync(PermissionOptionKind.AllowAlways);
        await agent.PromptAsync("proofread");
        Assert.Single(agent.Requests);
        Assert.Equal((Fixed, Fixed), (_tree.Read("a.md"), _tree.Read("b.md")));
        _tree.Write("c.md", Faulty);
        await agent.PromptAsync("proofread");
        Assert.Empty(agent.Requests);
        Assert.Equal(Fixed, _tree.Read("c.md"));
    }

    [Fact]
    public async Task Prompt_PermissionCancelled_EndsTheTurn()
    {
        _tree.Write("a.md", Faulty);
        _tree.Write("b.md", Faulty);
        await using var agent = await StartAsync(null);
        Assert.Equal(StopReason.Cancelled, (await agent.PromptAsync("proofread")).StopReason);
        Assert.Single(agent.Requests);
        Assert.Equal((Faulty, Faulty), (_tree.Read("a.md"), _tree.Read("b.md")));
    }

    [Fact]
    public async Task Prompt_FileChangedWhileAsking_IsNotWritten()
    {
        _tree.Write("page.md", Faulty);
        await using var agent = await StartAsync(PermissionOptionKind.AllowOnce);
        agent.Answer = _ =>
        {
            _tree.Write("page.md", "# Page\n\nSomebody else's the the.\n");
            return PermissionOptionKind.AllowOnce;
        };
        await agent.PromptAsync("check page.md");
        Assert.Equal("# Page\n\nSomebody else's the the.\n", _tree.Read("page.md"));
        Assert.Equal(ToolCallStatus.Failed, agent.Updates.OfType<ToolCallUpdate>().Single().Status);
        Assert.Contains("0 fixed, 1 left.", agent.Said);
    }

    [Fact]
    public async Task Prompt_AllowedFix_KeepsByteOrderMarkLineEndingsAndMode()
    {
        var path = _tree.FullPath("page.md");
        File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, .. "Grüße an an alle \r\nund  mehr"u8]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        await using var agent = await StartAsync(PermissionOptionKind.AllowOnce);
        await agent.PromptAsync("proofread");
        Assert.Equal([0xEF, 0xBB, 0xBF, .. "Grüße an alle\r\nund mehr"u8], File.ReadAllBytes(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Prompt_SymbolicLinkInside_IsFollowedAndStaysALink()
    {
        _tree.Write("real/page.md", Faulty);
        File.CreateSymbolicLink(_tree.FullPath("link.md"), _tree.FullPath("real/page.md"));
        await using var agent = await StartAsync(PermissionOptionKind.AllowOnce);
        await agent.PromptAsync("check link.md");
        Assert.Equal(Fixed, _tree.Read("real/page.md"));
        Assert.NotNull(new FileInfo(_tree.FullPath("link.md")).LinkTarget);
    }

    [Fact]
    public async Task Prompt_WhatCannotBeRead_IsNamed()
    {
        using var outside = new TemporaryTree();
        _tree.Write("notes.txt", "the the");
        File.WriteAllBytes(_tree.FullPath("latin.md"), Encoding.Latin1.GetBytes("Grüße an an alle"));
        await using var agent = await StartAsync(PermissionOptionKind.AllowOnce);
        await agent.PromptAsync("check notes.txt, missing.md and latin.md", outside.Write("outside.md", Faulty), _tree.FullPath("notes.txt"));
        Assert.Contains("There is no `missing.md` in this directory.", agent.Said);
        Assert.Contains("I left out `", agent.Said);
        Assert.Contains("`notes.txt` left alone: it is not Markdown", agent.Said);
        Assert.Contains("`latin.md` left alone: it is not UTF-8", agent.Said);
        Assert.Contains("I found no Markdown file to check.", agent.Said);
        Assert.Equal(Faulty, outside.Read("outside.md"));
    }

    [Fact]
    public async Task Prompt_HunspellInstalled_ReportsSpellingOnly()
    {
        Install(FakeHunspell);
        _tree.Write("page.md", "You recieve it. `recieve`, RECIEVE\n\nAgain you recieve it.\n");
        await using var agent = await StartAsync(null);
        await agent.PromptAsync("proofread");
        Assert.Contains("[page.md:1](page.md#L1) spelling “recieve”, perhaps “receive”, “relieve” (also on line 3)", agent.Said);
        Assert.Contains("1 file checked: 1 finding, 0 fixed, 1 left.", agent.Said);
        Assert.DoesNotContain("Spelling was not checked", agent.Said);
        Assert.Empty(agent.Requests);
    }

    [Fact]
    public async Task Prompt_HunspellWithoutDictionary_IsAsIfItWereMissing()
    {
        Install("#!/bin/sh\necho 'no dictionary' >&2\nexit 1\n");
        _tree.Write("page.md", "Fine.\n");
        await using var agent = await StartAsync(null);
        await agent.PromptAsync("proofread");
        Assert.Contains("1 file checked, nothing found.", agent.Said);
        Assert.Contains("Spelling was not checked", agent.Said);
    }

    [Fact]
    public async Task Prompt_HunspellThatEnds_DisturbsNothing()
    {
        Install("#!/bin/sh\necho '@(#) International Ispell'\n");
        _tree.Write("page.md", Faulty);
        await using var agent = await StartAsync(PermissionOptionKind.AllowOnce);
        Assert.Equal(StopReason.EndTurn, (await agent.PromptAsync("proofread")).StopReason);
        Assert.Equal(Fixed, _tree.Read("page.md"));
    }

    [Fact]
    public async Task Prompt_NoHunspell_IsSaidOnce()
    {
        _tree.Write("page.md", "Fine.\n");
        await using var agent = await StartAsync(null);
        await agent.PromptAsync("proofread");
        Assert.Contains("Spelling was not checked", agent.Said);
        await agent.PromptAsync("proofread");
        Assert.DoesNotContain("Spelling was not checked", agent.Said);
    }

    [Fact]
    public async Task Cancel_SpellingThatHangs_EndsTheTurn()
    {
        Install("#!/bin/sh\necho '@(#) International Ispell'\nwhile read -r word; do :; done\n");
        _tree.Write("a.md", "# A\n### B\n");
        _tree.Write("page.md", Faulty);
        await using var agent = await StartAsync(PermissionOptionKind.AllowOnce);
        var turn = agent.PromptAsync("proofread");
        await agent.WaitForAsync(update => update is AgentMessageChunk);
        await agent.CancelAsync();
        Assert.Equal(StopReason.Cancelled, (await turn).StopReason);
        Assert.Equal(Faulty, _tree.Read("page.md"));
    }

    [Fact]
    public void Manifest_OfThePackage_IsValid()
    {
        var result = AgentManifest.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, AgentManifest.FileName)), AgentManifest.FileName);
        Assert.Empty(result.Errors);
        Assert.Equal(("proofreader@0.1.0", "${agentRoot}/proofreader", true), (result.Manifest!.Reference, result.Manifest.Command!.Cmd, result.Manifest.Asks));
    }

    private void Install(string script)
    {
        var path = _programs.Write("hunspell", script.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Starts the agent with no hunspell but the test's own.</summary>
    private async Task<RunningAgent> StartAsync(string? answer)
    {
        _programs.Write(".keep");
        var agent = await RunningAgent.StartAsync(_tree.Root, ("PATH", _programs.Root), ("LANG", "C.UTF-8"));
        agent.Answer = _ => answer;
        return agent;
    }
}
