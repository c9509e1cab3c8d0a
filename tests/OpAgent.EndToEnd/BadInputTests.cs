using System.Diagnostics;
using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

namespace OpAgent.EndToEnd;

/// <summary>What is too large, broken, or suddenly not there.</summary>
public sealed class BadInputTests(Workbench workbench) : IClassFixture<Workbench>
{
    [Fact]
    public async Task Directory_GoneWhileItIsOpen_IsSaidAndTheRestGoesOn()
    {
        var directory = Directory.CreateDirectory(Path.Combine(workbench.Host.Workspace, "vanishing")).FullName;
        File.WriteAllText(Path.Combine(directory, "page.md"), "# Here\n");
        await using var person = await workbench.EnterAsync();
        await person.Page.GotoAsync($"/w/{workbench.Workspace}/vanishing");
        await Assertions.Expect(person.Find(".directory-page .files .row.file")).ToHaveTextAsync(["page.md"]);

        Directory.Delete(directory, recursive: true);
        await person.Find(".directory-page .files .row.file").ClickAsync();

        await Assertions.Expect(person.Find("main")).ToContainTextAsync("vanishing/page.md");
        await Assertions.Expect(person.Button("Try again")).ToBeVisibleAsync();
        await person.Page.GotoAsync("/");
        await Assertions.Expect(person.Find(".home-page .row").First).ToBeVisibleAsync();
        Assert.DoesNotContain("Unhandled exception", workbench.Host.Log);
    }

    [Fact]
    public async Task File_OfTwoHundredMegabytesOrBinary_IsSaidAndNotRead()
    {
        using (var file = File.Create(Path.Combine(workbench.Host.Workspace, "large.log")))
        {
            file.Write("first line\n"u8);
            file.Write(Enumerable.Repeat((byte)'x', 2 * 1024 * 1024).ToArray());
            file.SetLength(200 * 1024 * 1024);
        }

        using (var file = File.Create(Path.Combine(workbench.Host.Workspace, "binary.dat"))) file.SetLength(200 * 1024 * 1024);
        await using var person = await workbench.EnterAsync();

        await person.Page.GotoAsync($"/w/{workbench.Workspace}/large.log");
        await Assertions.Expect(person.Page.GetByText("The file is large: this is its beginning.")).ToBeVisibleAsync();
        await Assertions.Expect(person.Find("#L1")).ToContainTextAsync("first line");
        await person.Page.GotoAsync($"/w/{workbench.Workspace}/binary.dat");
        await Assertions.Expect(person.Page.GetByText("This is no text: 200 MB of binary data.")).ToBeVisibleAsync();
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Link, new() { Name = "Download" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task FileName_ThatIsNoUtf8_DoesNotHideTheOthers()
    {
        var directory = Directory.CreateDirectory(Path.Combine(workbench.Host.Workspace, "bytes")).FullName;
        File.WriteAllText(Path.Combine(directory, "readable.md"), "# Readable\n");
        await ShellAsync($"printf x > \"$(printf 'br\\377ken.md')\"", directory);
        await using var person = await workbench.EnterAsync();

        await person.Page.GotoAsync($"/w/{workbench.Workspace}/bytes");

        await Assertions.Expect(person.Find(".directory-page .files .row", new() { HasText = "readable.md" })).ToBeVisibleAsync();
        Assert.DoesNotContain("Unhandled exception", workbench.Host.Log);
        await ShellAsync("rm *.md", directory);
    }

    [Fact]
    public async Task Agent_WithTenThousandToolCalls_IsShownAndThePageStaysUsable()
    {
        var (person, talk) = await workbench.OpenTalkAsync();
        await using var _ = person;
        await talk.RunAsync(string.Join('\n', Enumerable.Range(1, 10_000).Select(number => $"tool t{number} read Reading {number}")) + "\nsay the very end");

        await Assertions.Expect(person.LastReply).ToContainTextAsync("the very end");
        await Assertions.Expect(person.Find(".earlier")).ToContainTextAsync("earlier steps");
        await person.Page.ReloadAsync();
        await Assertions.Expect(person.LastReply).ToContainTextAsync("the very end");
        await person.SendAsync("say still here");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("still here");
    }

    [Fact]
    public async Task Conversation_WithFiftyMegabytesOfOutput_Opens()
    {
        var talk = await workbench.BeginAsync();
        for (var turn = 0; turn < 10; turn++) await talk.RunAsync($"flood {5 * 1024 * 1024}\nsay turn {turn} ends");
        Assert.True(new FileInfo(talk.File).Length > 0);
        await using var person = await workbench.EnterAsync();

        await person.Page.GotoAsync(talk.Address);

        await Assertions.Expect(person.Find("article.turn").Last).ToContainTextAsync("turn 9");
        await person.SendAsync("say still here");
        await Assertions.Expect(person.LastReply).ToContainTextAsync("still here");
    }

    // Names that are no text cannot be written down here.
    private static async Task ShellAsync(string command, string directory)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = directory })!;
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }
}
