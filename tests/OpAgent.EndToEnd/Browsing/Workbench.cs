using System.Text.Json;

namespace OpAgent.EndToEnd.Browsing;

/// <summary>A host with an owner, and a trusted workspace in which the scripted agent answers; one for all tests of a class.</summary>
public sealed class Workbench(Chromium chromium) : IAsyncLifetime
{
    private string _cookies = "";

    internal HostFixture Host { get; } = new();

    internal Uri Address { get; private set; } = null!;

    /// <summary>The workspace's id.</summary>
    internal string Workspace { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Host.Bind("go");
        var link = (await Host.ServeAsync()).GetProperty("setup").GetProperty("link").GetString()!;
        Address = new(new Uri(link).GetLeftPart(UriPartial.Authority));
        await using (var owner = await chromium.EnterAsync(Address, Window.Desk))
        {
            await Door.SetUpAsync(owner, link);
            _cookies = await owner.Context.StorageStateAsync();
        }

        Workspace = (await Host.PostAsync("/api/v1/workspaces", new { machine = "local", path = Host.Workspace, trust = true })).GetProperty("id").GetString()!;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>The owner, signed in.</summary>
    /// <param name="through">Another address of the host.</param>
    internal Task<Person> EnterAsync(Window? window = null, Uri? through = null) => chromium.EnterAsync(through ?? Address, window ?? Window.Desk, _cookies);

    /// <summary>Somebody who has not signed in.</summary>
    internal Task<Person> EnterAsStrangerAsync(Window? window = null) => chromium.EnterAsync(Address, window ?? Window.Desk);

    internal async Task<Talk> BeginAsync(string path = "")
    {
        var created = await Host.CreateConversationAsync(Workspace, path);
        return new(Host, created.GetProperty("id").GetString()!, created.GetProperty("file").GetString()!);
    }

    /// <summary>The owner with a new conversation open.</summary>
    internal async Task<(Person Person, Talk Talk)> OpenTalkAsync(string path = "")
    {
        var talk = await BeginAsync(path);
        var person = await EnterAsync();
        await person.Page.GotoAsync(talk.Address);
        return (person, talk);
    }
}

/// <summary>A conversation, as its host and its file have it.</summary>
internal sealed record Talk(HostFixture Host, string Id, string File)
{
    public string Address => $"/c/{Id}";

    /// <summary>Hands a script to the agent, behind the turn that runs.</summary>
    public Task<JsonElement> StartAsync(string script) => Host.PostAsync($"/api/v1/conversations/{Id}/turns", new { text = script, queue = true });

    /// <summary>Runs a script to its end.</summary>
    public async Task RunAsync(string script)
    {
        var turn = (await StartAsync(script)).GetProperty("turn").GetString();
        await Host.FollowUntilAsync(Id, null, item => item.Kind == "turn.ended" && item.Data.GetProperty("turn").GetString() == turn);
    }

    /// <summary>What the agent has said in the last turn, as the file has it.</summary>
    public string LastReply()
    {
        var lines = System.IO.File.ReadAllLines(File);
        var marker = Array.FindLastIndex(lines, line => line.StartsWith("<!-- turn ", StringComparison.Ordinal));
        return Words(string.Join('\n', lines[(marker + 2)..]));
    }

    /// <summary>A text as it reads, however its lines are broken.</summary>
    public static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
