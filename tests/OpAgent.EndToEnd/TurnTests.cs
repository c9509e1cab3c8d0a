using System.Diagnostics;
using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

namespace OpAgent.EndToEnd;

/// <summary>What a person does to turns.</summary>
public sealed class TurnTests(Workbench workbench) : IClassFixture<Workbench>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turn_StoppedByButtonOrByEscTwice_SaysThatItWasCancelled(bool byButton)
    {
        var (person, _) = await workbench.OpenTalkAsync();
        await using var _1 = person;
        await person.SendAsync("say begun\nhang");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("begun");
        await Assertions.Expect(person.Button("Stop")).ToBeVisibleAsync();

        if (byButton) await person.Button("Stop").ClickAsync();
        else
        {
            await person.Composer.PressAsync("Escape");
            await person.Composer.PressAsync("Escape");
        }

        await person.TurnEndedAsync();
        await Assertions.Expect(person.LastReply).ToContainTextAsync("Cancelled.");
        await Assertions.Expect(person.Button("Send")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Queue_OneTakenOut_AsksTheOthersInOrder()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        await person.SendAsync($"wait-file {workbench.Host.Signal("queue")}");
        await Assertions.Expect(person.Button("Queue")).ToBeVisibleAsync();
        foreach (var word in new[] { "second", "unwanted", "third" }) await person.SendAsync($"say {word}");
        await Assertions.Expect(person.Find(".queued .text")).ToHaveTextAsync(["say second", "say unwanted", "say third"]);

        await person.Find(".queued", new() { HasText = "unwanted" }).GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(person.Find(".queued")).ToHaveCountAsync(2);
        File.WriteAllText(workbench.Host.Signal("queue"), "");

        await Assertions.Expect(person.LastReply).ToContainTextAsync("third");
        await person.TurnEndedAsync();
        await Assertions.Expect(person.Find(".queued")).ToHaveCountAsync(0);
        await Assertions.Expect(person.Find(".part.prompt .said").Filter(new() { HasText = "say" })).ToHaveTextAsync(["say second", "say third"]);
        Assert.DoesNotContain("unwanted", File.ReadAllText(talk.File));
    }

    [Fact]
    public async Task Agent_KilledInTheMiddle_IsShownAndTheNextMessageIsAnswered()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        await person.SendAsync("say partial\npid\nhang");
        var events = await talk.Host.FollowUntilAsync(talk.Id, null, item => int.TryParse(item.Said, out var _));
        await Assertions.Expect(person.LastReply).ToContainTextAsync(events[^1].Said!);

        using (var agent = Process.GetProcessById(events.Single(item => item.Kind == "agent.started").Data.GetProperty("pid").GetInt32())) agent.Kill();

        await Assertions.Expect(person.LastReply).ToContainTextAsync("was ended by SIGKILL in the middle of the turn");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("partial");
        await person.SendAsync("say again");
        await Assertions.Expect(person.LastReply.Locator(".said")).ToContainTextAsync("again");
        await person.TurnEndedAsync();
        await Assertions.Expect(person.Find("article.turn")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Fork_FromATurn_HasWhatWasSaidUpToIt()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        await talk.RunAsync("say first answer");
        await talk.RunAsync("say second answer");
        await Assertions.Expect(person.Find(".part.reply")).ToHaveCountAsync(2);

        await person.Find(".part.reply").First.GetByLabel("Fork from here").ClickAsync();
        await person.Page.WaitForURLAsync(url => url.Contains("/c/", StringComparison.Ordinal) && !url.EndsWith(talk.Id, StringComparison.Ordinal));

        await Assertions.Expect(person.Find(".part.reply .said")).ToHaveTextAsync(["first answer"]);
        await person.SendAsync("say a branch");
        await Assertions.Expect(person.Find(".part.reply .said")).ToHaveTextAsync(["first answer", "a branch"]);
        Assert.DoesNotContain("a branch", File.ReadAllText(talk.File));
    }

    [Fact]
    public async Task Edit_OfASecondMessage_ContinuesFromBeforeIt()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        await talk.RunAsync("say first answer");
        await talk.RunAsync("say second answer");
        await Assertions.Expect(person.Find(".part.reply")).ToHaveCountAsync(2);

        await person.Find(".part.prompt").Nth(1).GetByLabel("Edit and continue from here").ClickAsync();
        await person.Page.WaitForURLAsync(url => url.Contains("/c/", StringComparison.Ordinal) && !url.EndsWith(talk.Id, StringComparison.Ordinal));

        await Assertions.Expect(person.Composer).ToHaveValueAsync("say second answer");
        await person.SendAsync("say a better answer");
        await Assertions.Expect(person.Find(".part.reply .said")).ToHaveTextAsync(["first answer", "a better answer"]);
    }

    [Fact]
    public async Task Link_ToATurn_LeadsToIt()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        for (var turn = 0; turn < 3; turn++) await talk.RunAsync("chunks 300 60");
        await Assertions.Expect(person.Find(".part.reply")).ToHaveCountAsync(3);

        await person.Find(".part.prompt").Nth(1).GetByLabel("Copy link").ClickAsync();
        var link = await person.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        await person.Page.GotoAsync("/");
        await person.Page.GotoAsync(link);

        await Assertions.Expect(person.Find(".part.prompt").Nth(1)).ToBeInViewportAsync();
        await Assertions.Expect(person.Find(".part.prompt").Nth(2)).Not.ToBeInViewportAsync();
    }

    [Fact]
    public async Task At_InTheComposer_NamesAFileThatTheAgentGets()
    {
        Directory.CreateDirectory(Path.Combine(workbench.Host.Workspace, "chapters"));
        File.WriteAllText(Path.Combine(workbench.Host.Workspace, "chapters/opening.md"), "# Opening\n");
        var (person, _) = await workbench.OpenTalkAsync();
        await using var _1 = person;

        await person.Composer.PressSequentiallyAsync("@chap");
        await Assertions.Expect(person.Find("[data-suggestions] .row")).ToHaveTextAsync(["chapters/"]);
        await person.Composer.PressAsync("Enter");
        await Assertions.Expect(person.Find("[data-suggestions] .row")).ToHaveTextAsync(["chapters/opening.md"]);
        await person.Composer.PressAsync("Enter");
        await Assertions.Expect(person.Find("[data-files] button")).ToHaveTextAsync(["chapters/opening.md ✕"]);
        await person.SendAsync("history");

        await person.TurnEndedAsync();
        await Assertions.Expect(person.Find(".part.prompt .attachment")).ToHaveTextAsync(["chapters/opening.md"]);
        await Assertions.Expect(person.LastReply).ToContainTextAsync("/chapters/opening.md");
    }
}
