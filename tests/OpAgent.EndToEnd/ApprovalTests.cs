using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

namespace OpAgent.EndToEnd;

/// <summary>What waits for a person, and what the answer does.</summary>
public sealed class ApprovalTests(Workbench workbench) : IClassFixture<Workbench>
{
    [Fact]
    public async Task Inbox_AllowOnAPhone_WritesTheFileAndTheDecision()
    {
        var directory = Directory.CreateDirectory(Path.Combine(workbench.Host.Workspace, "pages")).FullName;
        Directory.CreateDirectory(Path.Combine(directory, ".opagent"));
        File.WriteAllText(Path.Combine(directory, ".opagent/workspace.yaml"), "agent: proofreader\n");
        var page = Path.Combine(directory, "page.md");
        File.WriteAllText(page, "the the cat\n");
        var talk = await workbench.BeginAsync("pages");
        await using var person = await workbench.EnterAsync(Window.Phone);
        await person.Page.GotoAsync("/");

        await talk.StartAsync("Check page.md");
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Inbox, 1 waiting for you" }).ClickAsync();
        var card = person.Find(".permission");
        await Assertions.Expect(card).ToContainTextAsync("Allow this edit?");
        await Assertions.Expect(card).ToContainTextAsync("the the cat");
        Assert.True(await person.FitsAsync());
        await card.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();

        await Assertions.Expect(person.Page.GetByText("Nothing waits for you")).ToBeVisibleAsync();
        await person.Page.GotoAsync(talk.Address);
        await person.TurnEndedAsync();
        await Assertions.Expect(person.LastReply.Locator(".tool .decision")).ToHaveTextAsync($"allowed by {Door.Name}");
        Assert.Equal("the cat\n", File.ReadAllText(page));
        Assert.Contains($"\"decision\":\"{Door.Name} allow_once\"", File.ReadAllText(talk.File));
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Permission_AnsweredInTwoBrowsersAtOnce_OneWinsAndTheOtherSeesIt()
    {
        var talk = await workbench.BeginAsync();
        await using var one = await workbench.EnterAsync();
        await using var other = await workbench.EnterAsync();
        await one.Page.GotoAsync(talk.Address);
        await other.Page.GotoAsync("/inbox");
        await talk.StartAsync("edit both.txt written");
        var allow = one.Find(".permission [data-option=allow_once]");
        var reject = other.Find(".permission [data-option=reject_once]");
        await Assertions.Expect(allow).ToBeEnabledAsync();
        await Assertions.Expect(reject).ToBeEnabledAsync();

        await Task.WhenAll(allow.DispatchEventAsync("click"), reject.DispatchEventAsync("click"));
        await one.TurnEndedAsync();
        await Assertions.Expect(one.Find(".permission")).ToHaveCountAsync(0);
        await Assertions.Expect(other.Find(".permission")).ToHaveCountAsync(0);

        var isAllowed = File.Exists(Path.Combine(workbench.Host.Workspace, "both.txt"));
        var decision = isAllowed ? "allow" : "reject";
        await Assertions.Expect(one.LastReply.Locator(".tool .decision")).ToHaveTextAsync($"{decision}ed by {Door.Name}");
        await other.Page.GotoAsync(talk.Address);
        await Assertions.Expect(other.LastReply.Locator(".tool .decision")).ToHaveTextAsync($"{decision}ed by {Door.Name}");
        Assert.Contains($"\"decision\":\"{Door.Name} {decision}_once\"", File.ReadAllText(talk.File));
    }

    [Fact]
    public async Task Inbox_KeyA_AllowsTheOneThatWasChosen()
    {
        var talk = await workbench.BeginAsync();
        await using var person = await workbench.EnterAsync();
        await person.Page.GotoAsync("/inbox");
        await talk.StartAsync("edit by-key.txt written");
        await Assertions.Expect(person.Find(".permission [data-option=allow_once]")).ToBeEnabledAsync();

        // A page that has just come up puts the focus where it begins.
        await Assertions.Expect(person.Find("main")).ToBeFocusedAsync();
        // Nothing is chosen yet, and nothing is allowed that nobody chose.
        await person.Page.Keyboard.PressAsync("a");
        await Assertions.Expect(person.Find(".permission")).ToBeFocusedAsync();
        await person.Page.Keyboard.PressAsync("a");

        await Assertions.Expect(person.Find(".permission")).ToHaveCountAsync(0);
        await person.Page.GotoAsync(talk.Address);
        await person.TurnEndedAsync();
        Assert.Equal("written", File.ReadAllText(Path.Combine(workbench.Host.Workspace, "by-key.txt")));
    }
}
