using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

namespace OpAgent.EndToEnd;

/// <summary>Who gets in, and who does not any more.</summary>
public sealed class DoorTests(Workbench workbench) : IClassFixture<Workbench>
{
    [Fact]
    public async Task SignIn_AfterAWrongPassword_SaysSoAndThenLeadsWhereOneWanted()
    {
        await using var stranger = await workbench.EnterAsStrangerAsync();
        await stranger.Page.GotoAsync("/inbox");
        await Assertions.Expect(stranger.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        await Door.SignInAsync(stranger, "not the password");
        await Assertions.Expect(stranger.Page.GetByRole(AriaRole.Alert)).Not.ToBeEmptyAsync();
        await Assertions.Expect(stranger.Find(".shell")).ToHaveCountAsync(0);
        await Door.SignInAsync(stranger);

        await Assertions.Expect(stranger.Page.GetByText("Nothing waits for you")).ToBeVisibleAsync();
        Assert.EndsWith("/inbox", stranger.Page.Url);
    }

    [Fact]
    public async Task SetUp_WithACodeThatWasUsed_IsClosed()
    {
        await using var stranger = await workbench.EnterAsStrangerAsync();

        await stranger.Page.GotoAsync("/setup#code=ABCD-EFGH");

        await Assertions.Expect(stranger.Page.GetByText("OpAgent is set up")).ToBeVisibleAsync();
        await stranger.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(stranger.Page.GetByLabel("Password")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Session_EndedInAnotherBrowser_LandsAtSignIn()
    {
        await using var first = await workbench.EnterAsStrangerAsync();
        await first.Page.GotoAsync("/sign-in");
        await Door.SignInAsync(first);
        await Assertions.Expect(first.Find(".shell")).ToBeVisibleAsync();
        await using var second = await workbench.EnterAsync();
        await second.Page.GotoAsync("/settings");
        await Assertions.Expect(second.Page.GetByText("this one")).ToBeVisibleAsync();

        while (await second.Button("End").CountAsync() is > 0 and var left)
        {
            await second.Button("End").First.ClickAsync();
            await Assertions.Expect(second.Button("End")).ToHaveCountAsync(left - 1);
        }

        await Assertions.Expect(first.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await second.Page.ReloadAsync();
        await Assertions.Expect(second.Page.GetByText("this one")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignOut_LeavesNothingOpen()
    {
        await using var person = await workbench.EnterAsStrangerAsync();
        await person.Page.GotoAsync("/settings");
        await Door.SignInAsync(person);

        await person.Button("Sign out").ClickAsync();
        await Assertions.Expect(person.Button("Sign in")).ToBeVisibleAsync();
        await person.Page.GotoAsync("/inbox");

        await Assertions.Expect(person.Button("Sign in")).ToBeVisibleAsync();
        Assert.Equal(401, await person.Page.EvaluateAsync<int>("fetch('/api/v1/account').then(answer => answer.status)"));
    }
}
