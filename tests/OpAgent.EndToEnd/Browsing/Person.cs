using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OpAgent.EndToEnd.Browsing;

/// <summary>Somebody at a browser. What content must never bring about there is noted as it happens.</summary>
internal sealed class Person : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = [];

    private Person(IBrowserContext context, IPage page) => (Context, Page) = (context, page);

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>Dialogs, requests to other hosts, scripts that failed or that the policy had to stop.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public static async Task<Person> EnterAsync(IBrowserContext context, Uri host)
    {
        var person = new Person(context, await context.NewPageAsync());
        person.Watch(host);
        return person;
    }

    public ILocator Find(string selector, PageLocatorOptions? options = null) => Page.Locator(selector, options);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The text that the agent has said, turn by turn, as the page shows it.</summary>
    public async Task<IReadOnlyList<string>> RepliesAsync() => await Find(".part.reply .said").AllInnerTextsAsync();

    public ILocator LastReply => Find(".part.reply").Last;

    public ILocator Composer => Find("op-composer textarea");

    public async Task SendAsync(string text)
    {
        await Composer.FillAsync(text);
        await Composer.PressAsync("Enter");
        await Assertions.Expect(Composer).ToHaveValueAsync("");
    }

    /// <summary>Waits until the last turn has ended.</summary>
    public async Task TurnEndedAsync()
    {
        await Assertions.Expect(Find("article.turn .part.reply").Last).ToBeVisibleAsync();
        await Assertions.Expect(Find("article.turn.running")).ToHaveCountAsync(0);
    }

    /// <summary>Whether no part of the page is wider than the window, so that nothing has to be scrolled sideways.</summary>
    public Task<bool> FitsAsync() => Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();

    private void Watch(Uri host)
    {
        Page.Dialog += (_, dialog) =>
        {
            _faults.Enqueue($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        Page.PageError += (_, error) => _faults.Enqueue($"error: {error}");
        Page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) _faults.Enqueue($"policy: {message.Text}");
        };
        Context.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme is "http" or "https" or "ws" or "wss" && address.Authority != host.Authority) _faults.Enqueue($"request: {address}");
        };
        Context.Page += (_, page) => _faults.Enqueue($"window: {page.Url}");
    }
}
