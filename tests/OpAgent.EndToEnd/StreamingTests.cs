using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

namespace OpAgent.EndToEnd;

/// <summary>However a reader looks at a conversation, and whatever happens on the way, it is the same one.</summary>
public sealed class StreamingTests(Workbench workbench) : IClassFixture<Workbench>
{
    private const string ScrollTop = "document.querySelector('[data-scroll]').scrollTop";
    private const string IsAtEnd = "(() => { const it = document.querySelector('[data-scroll]'); return it.scrollHeight - it.scrollTop - it.clientHeight < 48; })()";

    [Fact]
    public async Task Chunks_WhileTheReaderReadsAbove_DoNotMoveWhatIsRead()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        await talk.RunAsync("chunks 300 60");
        await person.TurnEndedAsync();
        await person.Page.WaitForFunctionAsync(IsAtEnd);

        await talk.StartAsync($"chunks 20 60\nwait-file {workbench.Host.Signal("read")}\nchunks 200 60 2\nsay the very end");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("20.");
        await person.Page.WaitForFunctionAsync(IsAtEnd);
        await person.Find("[data-scroll]").HoverAsync();
        await person.Page.Mouse.WheelAsync(0, -2000);
        await person.Page.WaitForFunctionAsync($"!{IsAtEnd}");
        var before = await person.Page.EvaluateAsync<double>(ScrollTop);
        File.WriteAllText(workbench.Host.Signal("read"), "");
        await person.TurnEndedAsync();

        await Assertions.Expect(person.Find("[data-jump]")).ToBeVisibleAsync();
        Assert.Equal(before, await person.Page.EvaluateAsync<double>(ScrollTop));
        await person.Find("[data-jump]").ClickAsync();
        await person.Page.WaitForFunctionAsync(IsAtEnd);
        await Assertions.Expect(person.Find("[data-jump]")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Selection_WhileChunksArrive_Stays()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        await talk.StartAsync($"say a paragraph that is read\\n\\n\nchunks 5\nwait-file {workbench.Host.Signal("selected")}\nchunks 100 60 2");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("5");

        await person.LastReply.Locator(".said p").First.ClickAsync(new() { ClickCount = 3 });
        File.WriteAllText(workbench.Host.Signal("selected"), "");
        await person.TurnEndedAsync();

        Assert.Equal("a paragraph that is read", (await person.Page.EvaluateAsync<string>("getSelection().toString()")).Trim());
    }

    [Fact]
    public async Task Conversation_ReloadedAndElsewhereAndOnAPhoneInTheMiddleOfATurn_IsTheSame()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        await talk.StartAsync($"chunks 60\nwait-file {workbench.Host.Signal("more")}\nchunks 60 0 2\nsay the very end");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("60");
        await person.Composer.FillAsync("half a thought");

        await person.Page.ReloadAsync();
        await using var second = await workbench.EnterAsync();
        await using var phone = await workbench.EnterAsync(Window.Phone);
        await second.Page.GotoAsync(talk.Address);
        await phone.Page.GotoAsync(talk.Address);
        foreach (var reader in new[] { person, second, phone }) await Assertions.Expect(reader.LastReply).ToContainTextAsync("60");
        File.WriteAllText(workbench.Host.Signal("more"), "");

        var expected = Talk.Words(string.Join(' ', Numbers(60).Concat(Numbers(60))) + " the very end");
        foreach (var reader in new[] { person, second, phone })
        {
            await reader.TurnEndedAsync();
            Assert.Equal([expected], (await reader.RepliesAsync()).Select(Talk.Words));
        }

        Assert.Equal(expected, talk.LastReply());
        await Assertions.Expect(person.Composer).ToHaveValueAsync("half a thought");
        await Assertions.Expect(person.Find(".statusbar")).ToContainTextAsync("online", new() { UseInnerText = true });
    }

    [Fact]
    public async Task Connection_LostForAWhile_CatchesUpByItselfAndKeepsWhatWasTyped()
    {
        var talk = await workbench.BeginAsync();
        await using var wire = new Wire(workbench.Address);
        await using var person = await workbench.EnterAsync(through: wire.Address);
        await person.Page.GotoAsync(talk.Address);
        await talk.StartAsync($"chunks 60\nwait-file {workbench.Host.Signal("cut")}\nchunks 60 0 2\nsay the very end");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("60");
        await person.Composer.FillAsync("typed before");

        wire.Cut();
        await person.Context.SetOfflineAsync(true);
        await Assertions.Expect(person.Find("#connection")).ToBeVisibleAsync();
        await person.Composer.FillAsync("typed before and meanwhile");
        File.WriteAllText(workbench.Host.Signal("cut"), "");
        await workbench.Host.FollowUntilAsync(talk.Id, null, item => item.Kind == "turn.ended");
        wire.Mend();
        await person.Context.SetOfflineAsync(false);

        await person.TurnEndedAsync();
        await Assertions.Expect(person.Find("#connection")).ToBeHiddenAsync();
        Assert.Equal([talk.LastReply()], (await person.RepliesAsync()).Select(Talk.Words));
        await Assertions.Expect(person.Composer).ToHaveValueAsync("typed before and meanwhile");
        await person.SendAsync("say again");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("again");
    }

    [Fact]
    public async Task Host_KilledAndStartedAgain_BringsTheOpenPageBackWithItsDraft()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        await talk.StartAsync($"chunks 60\nwait-file {workbench.Host.Signal("killed")}\nchunks 60\nsay the very end");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("60");
        await person.Composer.FillAsync("half a thought");

        await workbench.Host.KillHostAsync();
        await Assertions.Expect(person.Find("#connection")).ToBeVisibleAsync();
        await Assertions.Expect(person.Find(".statusbar")).Not.ToContainTextAsync("online", new() { UseInnerText = true });
        File.WriteAllText(workbench.Host.Signal("killed"), "");
        await workbench.Host.ServeAsync($"http://127.0.0.1:{workbench.Address.Port}");

        await Assertions.Expect(person.LastReply).ToContainTextAsync("the very end");
        await person.TurnEndedAsync();
        Assert.Equal([talk.LastReply()], (await person.RepliesAsync()).Select(Talk.Words));
        await Assertions.Expect(person.Composer).ToHaveValueAsync("half a thought");
    }

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(1, count).Select(number => $"{number}");
}
