using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;

namespace OpAgent.EndToEnd;

/// <summary>The real program with a data directory of its own and a workspace; ended with the test.</summary>
internal sealed class HostFixture : IAsyncDisposable
{
    /// <summary>The one time limit of all waits.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static readonly string Program = typeof(HostFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "OpAgentProgram").Value!;

    private readonly string _directory = Directory.CreateTempSubdirectory("opagent-").FullName;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<string> _log = [];
    private Process? _served;

    public HostFixture()
    {
        Directory.CreateDirectory(Workspace);
        _client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://localhost"), Timeout = Limit };
    }

    public string Data => Path.Combine(_directory, "data");

    public string Workspace => Path.Combine(_directory, "work");

    /// <summary>The host's process, as it says itself.</summary>
    public int HostPid => JsonElement.Parse(File.ReadAllBytes(Path.Combine(Data, "host.json"))).GetProperty("pid").GetInt32();

    /// <summary>What the host that <see cref="ServeAsync"/> started has logged: warnings and errors.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>A file that tests let scripts wait for.</summary>
    public string Signal(string name) => Path.Combine(_directory, name);

    /// <summary>Runs the command line program to its end.</summary>
    public async Task<CommandResult> RunAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory, Environment = { ["OPAGENT_DATA"] = Data } };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit);
        return new CommandResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs the host in the foreground, as a newcomer does, and returns what it says: its addresses and, as long as it has no owner, the link to set it up.</summary>
    /// <param name="url">Where to listen; by default at a free port.</param>
    public async Task<JsonElement> ServeAsync(string url = "http://127.0.0.1:0")
    {
        var start = new ProcessStartInfo(Program, ["serve", "--urls", url, "--json"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory,
            // Directories are chosen from the home directory on.
            Environment = { ["OPAGENT_DATA"] = Data, ["HOME"] = _directory },
        };
        _served = Process.Start(start)!;
        _served.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _served.BeginErrorReadLine();
        var output = _served.StandardOutput;
        while (await output.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit) is { } line)
        {
            if (!line.StartsWith('{')) continue;
            _ = Task.Run(async () =>
            {
                while (await output.ReadLineAsync() is { } logged) _log.Enqueue(logged);
            });
            return JsonElement.Parse(line);
        }

        throw new InvalidOperationException($"The host ended before it listened. {Log}");
    }

    /// <summary>Copies a scripted agent into the workspace and binds a directory to it.</summary>
    public void Bind(string language, string directory = "")
    {
        var package = Directory.CreateDirectory(Path.Combine(Workspace, directory, language)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "agents", language))) File.Copy(file, Path.Combine(package, Path.GetFileName(file)));
        Directory.CreateDirectory(Path.Combine(Workspace, directory, ".opagent"));
        File.WriteAllText(Path.Combine(Workspace, directory, ".opagent/workspace.yaml"), $"agent: ./{language}\n");
    }

    public void CopyHandbook()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "handbook");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(Workspace, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Opens and trusts the workspace, starting a host where none runs.</summary>
    public async Task<string> OpenAsync()
    {
        var opened = await RunAsync("", "open", Workspace, "--trust", "--json");
        Assert.True(opened.ExitCode == 0, opened.Errors);
        return JsonElement.Parse(opened.Output).GetProperty("id").GetString()!;
    }

    public async Task<JsonElement> CreateConversationAsync(string workspace, string path = "") =>
        await PostAsync($"/api/v1/workspaces/{workspace}/conversations", new { path, title = "Test" });

    /// <param name="key">The same again is the same request, repeated.</param>
    public async Task<JsonElement> PostAsync(string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    public Task<JsonElement> GetAsync(string path) => _client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>A conversation's events after a place up to and including the first that the condition holds for.</summary>
    public async Task<List<ServerEvent>> FollowUntilAsync(string conversation, string? lastEventId, Func<ServerEvent, bool> last)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/conversations/{conversation}/events");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.True(response.IsSuccessStatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        var events = new List<ServerEvent>();
        var (id, kind) = ("", "");
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(new ServerEvent(id, kind, JsonElement.Parse(line[6..])));
                if (last(events[^1])) return events;
            }
        }

        return events;
    }

    /// <summary>Kills the host as a crash would.</summary>
    public async Task KillHostAsync()
    {
        using var host = Process.GetProcessById(HostPid);
        host.Kill();
        await UntilAsync(() => !IsAlive(host.Id), "the host has ended");
    }

    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        var end = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (!holds())
        {
            Assert.True(Environment.TickCount64 < end, $"Waited in vain until {what}.");
            await Task.Yield();
        }
    }

    public static bool IsAlive(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat") is var status && status[status.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("", "stop", "--all");
        _client.Dispose();
        _served?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Data, "host.sock")), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}

internal sealed record CommandResult(int ExitCode, string Output, string Errors);

/// <summary>One server-sent event.</summary>
internal sealed record ServerEvent(string Id, string Kind, JsonElement Data)
{
    public long Seq => Data.GetProperty("seq").GetInt64();

    public string? Said => Kind == "update" && Data.GetProperty("update") is var update && update.GetProperty("sessionUpdate").GetString() == "agent_message_chunk"
        ? update.GetProperty("content").GetProperty("text").GetString()
        : null;
}
