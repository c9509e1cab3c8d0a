using System.Text.Json;
using Microsoft.Playwright;
using OpAgent.EndToEnd.Browsing;

namespace OpAgent.EndToEnd;

/// <summary>Content that nobody vouches for, wherever the page shows it, does nothing but be read.</summary>
public sealed class HostileContentTests(Workbench workbench) : IClassFixture<Workbench>
{
    private const int PerTurn = 100;
    private const string End = "the very end";
    private static readonly Payload[] Payloads = JsonSerializer.Deserialize<Payload[]>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "hostile/payloads.json")), JsonSerializerOptions.Web)!;

    private static IEnumerable<Payload> Texts => Payloads.Where(payload => payload.Kind is not ("file-name" or "agent-name" or "tool-title"));

    [Fact]
    public async Task AgentOutput_OfEveryPayload_DoesNothing()
    {
        await using var person = await workbench.EnterAsync();
        foreach (var (payloads, number) in Texts.Chunk(PerTurn).Select((payloads, number) => (payloads, number)))
        {
            var directory = Directory.CreateDirectory(Path.Combine(workbench.Host.Workspace, $"said-{number}")).FullName;
            var script = new List<string>();
            foreach (var payload in payloads)
            {
                File.WriteAllText(Path.Combine(directory, $"{payload.Name}.txt"), payload.Content);
                // A tool call between two of them begins a new block, so that none is swallowed by the one before.
                script.AddRange([$"read {Path.Combine(directory, payload.Name)}.txt", $"tool {payload.Name} read {payload.Name}", $"tool-done {payload.Name} {payload.Content.ReplaceLineEndings("\\n")}"]);
            }

            var talk = await workbench.BeginAsync();
            await talk.RunAsync(string.Join('\n', script.Append($"say {End}")));
            await person.Page.GotoAsync(talk.Address);
            await Assertions.Expect(person.LastReply).ToContainTextAsync(End);
            await Assertions.Expect(person.Find(".fold.tool")).ToHaveCountAsync(payloads.Length);
            // Unfolded, too, since what is folded is not drawn.
            await person.Page.EvaluateAsync("document.querySelectorAll('details.fold > summary').forEach(fold => fold.click())");
            await Assertions.Expect(person.Find(".fold-body")).ToHaveCountAsync(payloads.Count(payload => payload.Content.Trim().Length > 0));
            await ProvokeAsync(person);
        }

        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task Names_OfFilesToolsAndAgents_AreText()
    {
        var names = Payloads.Where(payload => payload.Kind == "file-name").Select(payload => payload.Content).Where(name => !name.Contains('/') && name.Length < 200).ToList();
        var directory = Directory.CreateDirectory(Path.Combine(workbench.Host.Workspace, "names")).FullName;
        foreach (var name in names) File.WriteAllText(Path.Combine(directory, name), "# Harmless\n");
        var titles = Payloads.Where(payload => payload.Kind == "tool-title").Select(payload => payload.Content.ReplaceLineEndings(" ")).ToList();
        var talk = await workbench.BeginAsync();
        await talk.RunAsync(string.Join('\n', titles.Select((title, number) => $"tool t{number} read {title}").Append($"say {End}")));
        await using var person = await workbench.EnterAsync();

        await person.Page.GotoAsync($"/w/{workbench.Workspace}/names");
        await Assertions.Expect(person.Find(".files .row.file")).ToHaveCountAsync(names.Count);
        await ProvokeAsync(person);
        foreach (var name in names)
        {
            await person.Page.GotoAsync($"/w/{workbench.Workspace}/names/{Uri.EscapeDataString(name)}");
            await Assertions.Expect(person.Find(".file-page .scroll")).ToContainTextAsync("Harmless");
        }

        await person.Page.GotoAsync(talk.Address);
        await Assertions.Expect(person.LastReply).ToContainTextAsync(End);
        await Assertions.Expect(person.Find(".fold.tool")).ToHaveCountAsync(titles.Count);
        await ProvokeAsync(person);
        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task AgentsManifest_WithEveryName_IsText()
    {
        var names = Payloads.Where(payload => payload.Kind == "agent-name").ToList();
        foreach (var (payload, number) in names.Select((payload, number) => (payload, number)))
        {
            var directory = Path.Combine(workbench.Host.Workspace, $"agent-{number}");
            workbench.Host.Bind("go", $"agent-{number}");
            var manifest = Path.Combine(directory, "go/agent.json");
            var text = File.ReadAllText(manifest);
            var name = JsonElement.Parse(text).GetProperty("name").GetString()!;
            File.WriteAllText(manifest, text.Replace(JsonSerializer.Serialize(name), JsonSerializer.Serialize(payload.Content), StringComparison.Ordinal));
        }

        await using var person = await workbench.EnterAsync();
        for (var number = 0; number < names.Count; number++)
        {
            await person.Page.GotoAsync($"/w/{workbench.Workspace}/agent-{number}");
            await Assertions.Expect(person.Find(".directory-page section.files")).ToBeVisibleAsync();
            await ProvokeAsync(person);
        }

        Assert.Empty(person.Faults);
    }

    [Fact]
    public async Task MarkdownFile_OfEveryPayload_DoesNothing()
    {
        var directory = Directory.CreateDirectory(Path.Combine(workbench.Host.Workspace, "files")).FullName;
        foreach (var payload in Texts) File.WriteAllText(Path.Combine(directory, $"{payload.Name}.md"), $"{payload.Content}\n\n# {End}\n");
        await using var person = await workbench.EnterAsync();
        await person.Page.GotoAsync($"/w/{workbench.Workspace}");
        await Assertions.Expect(person.Find(".directory-page")).ToBeVisibleAsync();

        foreach (var payload in Texts)
        {
            await person.Page.EvaluateAsync($"Blazor.navigateTo('/w/{workbench.Workspace}/files/{payload.Name}.md')");
            await Assertions.Expect(person.Find(".file-page h1").First).ToHaveTextAsync($"{payload.Name}.md");
            await Assertions.Expect(person.Find(".file-page .scroll > *").First).ToBeAttachedAsync();
            await ProvokeAsync(person);
        }

        Assert.Empty(person.Faults);
    }

    // What waits for a person's touch is touched: every element of the content is hovered and focused, and every link that is none of the page's is pressed.
    private static async Task ProvokeAsync(Person person) => await person.Page.EvaluateAsync("""
        () => {
          for (const element of document.querySelectorAll('.said *, .prose *, .row *')) {
            for (const kind of ['mouseover', 'mouseenter', 'focus', 'animationstart', 'toggle']) element.dispatchEvent(new Event(kind, { bubbles: kind !== 'focus' }));
            if (element.matches('a[href]') && /^\s*(javascript|data|vbscript)/i.test(element.getAttribute('href'))) element.click();
          }
        }
        """);

    private sealed record Payload(string Name, string Kind, string Content);
}
