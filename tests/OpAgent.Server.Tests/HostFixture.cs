using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpAgent.Server.Edge;
using OpAgent.Server.Machines;
using OpAgent.Server.Packages;
using OpAgent.Server.Storage;
using OpAgent.Server.Tests.Runtime;

namespace OpAgent.Server.Tests;

/// <summary>A real host on loopback and on its socket, with a fake runtime behind it. Ended with the test.</summary>
internal sealed class HostFixture : IAsyncDisposable
{
    /// <summary>The one time limit of all waits.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _temporary;
    private readonly Dictionary<string, string?> _settings = new() { ["Urls"] = "http://127.0.0.1:0", ["Logging:LogLevel:Default"] = "None" };
    private WebApplication? _app;

    private HostFixture()
    {
        _temporary = new();
        Data = new(_temporary["data"]);
        Data.Create();
        Runtime = new(Data);
        Owner = new(new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(cancellationToken) }) { BaseAddress = new("http://localhost/api/v1/") };
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public DataDirectory Data { get; }

    public FakeRuntime Runtime { get; }

    public TimeProvider? Time { get; set; }

    /// <summary>Hears what the host logs.</summary>
    public ILoggerProvider? Log { get; set; }

    /// <summary>Where the host finds agents to bring along.</summary>
    public string Agents => _temporary["agents"];

    public TemporaryDirectory Temporary => _temporary;

    /// <summary>Speaks to the host over its socket.</summary>
    public HttpClient Owner { get; }

    /// <summary>The host's address on TCP.</summary>
    public Uri Url { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public static async Task<HostFixture> StartAsync(Action<HostFixture>? prepare = null, params (string Key, string Value)[] settings)
    {
        var fixture = new HostFixture();
        foreach (var (key, value) in settings) fixture._settings[key] = value;
        prepare?.Invoke(fixture);
        await fixture.Runtime.StartAsync();
        await fixture.StartHostAsync();
        return fixture;
    }

    /// <summary>Starts a host on the same data, the first one or another after it.</summary>
    public async Task StartHostAsync()
    {
        _app = HostApplication.Build(Data, _settings, services =>
        {
            services.AddSingleton(new LocalProgram(_temporary["no-program"], "opagent-runtime"));
            services.AddSingleton(new AgentDirectory(Agents));
            if (Time is not null) services.AddSingleton(Time);
            if (Log is not null) services.AddSingleton(Log);
        });
        await _app.Services.OpenStorageAsync(Cancellation);
        await _app.StartAsync(Cancellation);
        Url = new(_app.OpenDoors()[0]);
    }

    public async Task StopHostAsync()
    {
        if (_app is null) return;
        await _app.StopAsync(CancellationToken.None).WaitAsync(Limit);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>A client on TCP, with the token if one is given.</summary>
    public HttpClient OverTcp(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Url };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public async Task<string> CreateTokenAsync(params string[] scopes) => (await PostAsync("tokens", new { name = "test", scopes })).GetProperty("token").GetString()!;

    /// <summary>A browser in which nobody has signed in, under a name of the host's.</summary>
    public Browser Browse(string name = "127.0.0.1") => new(new UriBuilder(Url) { Host = name }.Uri);

    /// <summary>A browser in which the owner, whom there was none of before, has signed in.</summary>
    public async Task<Browser> SetUpAsync()
    {
        var browser = Browse();
        var code = (await PostAsync("setup-code")).GetProperty("code").GetString();
        await ReadAsync(await browser.PostAsync("account/setup", new { code, name = Browser.Owner, password = Browser.Password }));
        return browser;
    }

    public async Task<JsonElement> GetAsync(string path) => await ReadAsync(await Owner.GetAsync(path, Cancellation));

    public async Task<JsonElement> PostAsync(string path, object? body = null) => await ReadAsync(await Owner.PostAsJsonAsync(path, body, Cancellation));

    /// <summary>Opens a workspace and says its id.</summary>
    public async Task<string> OpenAsync(string path = "/srv/docs") => (await PostAsync("workspaces", new { path })).GetProperty("id").GetString()!;

    /// <summary>Whether the text stands anywhere in the host's database.</summary>
    public async Task<bool> DataHoldsAsync(string text)
    {
        var found = false;
        foreach (var file in Directory.GetFiles(Data.Path, "opagent.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, Cancellation);
            found |= content.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
        }

        return found;
    }

    /// <summary>Reads an answer that must be a success.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri} was answered with {(int)response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>The problem with which a request was refused; checks that it is told as problem details.</summary>
    public static async Task<(int Status, string Type, string Detail)> ProblemOf(Task<HttpResponseMessage> request)
    {
        var response = await request;
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.StartsWith("/", problem.GetProperty("instance").GetString());
        return ((int)response.StatusCode, problem.GetProperty("type").GetString()!, problem.GetProperty("detail").GetString()!);
    }

    /// <summary>Repeats a look until it holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var end = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (!await holds())
        {
            Assert.True(Environment.TickCount64 < end, $"Waited in vain until {what}.");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopHostAsync();
        await Runtime.DisposeAsync();
        Owner.Dispose();
        _temporary.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var path = UnixSocketPath.For(Data.HostSocket);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path.Address), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
