using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OpAgent.Benchmarks;

/// <summary>A real host with a data directory of its own and one trusted workspace in which the scripted agent written in Go answers.</summary>
internal sealed class HostUnderTest : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("opagent-bench-").FullName;
    private readonly HttpClient _owner;
    private Process? _process;

    private HostUnderTest() => _owner = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://localhost"), Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Speaks TCP with a token, as programs elsewhere do.</summary>
    public HttpClient Client { get; private set; } = null!;

    public string Agent => Path.Combine(Workspace, "scripted", "agent");

    public string Workspace => Path.Combine(_directory, "work");

    public int Pid => _process!.Id;

    public int RuntimePid { get; private set; }

    private string Data => Path.Combine(_directory, "data");

    private string WorkspaceId { get; set; } = "";

    public static async Task<HostUnderTest> StartAsync()
    {
        var host = new HostUnderTest();
        host.PrepareWorkspace();
        var program = Path.Combine(SourceRoot(), "src/OpAgent/bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!, "net10.0/opagent");
        host._process = Process.Start(new ProcessStartInfo(program, ["serve", "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["OPAGENT_DATA"] = host.Data } })!;
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        while (!await host.IsReadyAsync()) await Task.Yield();

        var created = await host.PostAsync("/api/v1/workspaces", new { machine = "local", path = host.Workspace, trust = true });
        host.WorkspaceId = created.GetProperty("id").GetString()!;
        var token = await host.PostAsync("/api/v1/tokens", new { name = "bench" });
        using var info = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(host.Data, "host.json")));
        host.Client = new HttpClient { BaseAddress = new Uri(info.RootElement.GetProperty("urls")[0].GetString()!), Timeout = Timeout.InfiniteTimeSpan };
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", token.GetProperty("token").GetString());
        var machine = await host.Client.GetFromJsonAsync<JsonElement>("/api/v1/machines/local");
        host.RuntimePid = machine.GetProperty("runtimePid").GetInt32();
        return host;
    }

    /// <summary>The link with which the host gets its owner; null once it has one.</summary>
    public async Task<string?> TryMakeSetupLinkAsync()
    {
        using var response = await _owner.PostAsync("/api/v1/setup-code", null);
        return response.IsSuccessStatusCode ? (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("link").GetString() : null;
    }

    public async Task<string> CreateConversationAsync(string agent = "")
    {
        using var response = await Client.PostAsJsonAsync($"/api/v1/workspaces/{WorkspaceId}/conversations", new { title = "Benchmark", agent = agent.Length > 0 ? agent : null });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>Hands a script to the agent, behind the turn that runs, and returns the turn's id.</summary>
    public async Task<string> StartTurnAsync(string conversation, string script)
    {
        using var response = await Client.PostAsJsonAsync($"/api/v1/conversations/{conversation}/turns", new { text = script, queue = true });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("turn").GetString()!;
    }

    /// <summary>Puts an agent into the workspace that is a shell script, and returns its folder.</summary>
    public string AddAgent(string name, string script)
    {
        var package = Directory.CreateDirectory(Path.Combine(Workspace, name)).FullName;
        File.WriteAllText(Path.Combine(package, "agent.sh"), script);
        File.WriteAllText(Path.Combine(package, "agent.json"), $$$"""
            {"id":"{{{name}}}","name":"{{{name}}}","version":"1.0.0","description":"x","opagent":{"command":{"cmd":"sh","args":["${agentRoot}/agent.sh"] } } }
            """);
        return package;
    }

    /// <summary>Waits until a turn has ended, without reading what the agent says.</summary>
    public async Task UntilEndedAsync(string conversation, string turn)
    {
        using var response = await Client.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal) || !line.Contains(conversation, StringComparison.Ordinal)) continue;
            var state = JsonElement.Parse(line[6..]);
            if (state.GetProperty("id").GetString() == conversation && !(state.TryGetProperty("turn", out var running) && running.GetString() == turn)) return;
        }
    }

    public async Task StopAsync(string conversation)
    {
        using var response = await Client.PostAsync($"/api/v1/conversations/{conversation}/stop", null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The data of a conversation's events from the first on, until the caller stops.</summary>
    public async IAsyncEnumerable<(string Kind, string Data)> FollowAsync(string conversation, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await Client.GetAsync($"/api/v1/conversations/{conversation}/events?after=0", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var kind = "";
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) yield return (kind, line[6..]);
        }
    }

    /// <summary>Runs a script to its end.</summary>
    public async Task<List<(string Kind, string Data)>> RunTurnAsync(string conversation, string script)
    {
        var turn = await StartTurnAsync(conversation, script);
        var events = new List<(string, string)>();
        await foreach (var item in FollowAsync(conversation))
        {
            events.Add(item);
            if (item.Kind == "turn.ended" && JsonElement.Parse(item.Data).GetProperty("turn").GetString() == turn) break;
        }

        return events;
    }

    /// <summary>Runs a script many times, one turn after the other.</summary>
    public async Task RunTurnsAsync(string conversation, string script, int turns)
    {
        await StartTurnAsync(conversation, script);
        var ended = 0;
        await foreach (var (kind, _) in FollowAsync(conversation))
        {
            if (kind != "turn.ended") continue;
            if (++ended == turns) break;
            await StartTurnAsync(conversation, script);
        }
    }

    public async ValueTask DisposeAsync()
    {
        var program = _process!.StartInfo.FileName;
        using var stop = Process.Start(new ProcessStartInfo(program, ["stop", "--all"]) { RedirectStandardOutput = true, Environment = { ["OPAGENT_DATA"] = Data } })!;
        await stop.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Client.Dispose();
        _owner.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string SourceRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));

    private void PrepareWorkspace()
    {
        var source = Path.Combine(SourceRoot(), "tests/Fixtures/agents/go");
        var package = Directory.CreateDirectory(Path.Combine(Workspace, "scripted")).FullName;
        using (var build = Process.Start(new ProcessStartInfo("go", ["build", "-o", Path.Combine(package, "agent"), "."]) { WorkingDirectory = source })!) build.WaitForExit();
        File.Copy(Path.Combine(source, "agent.json"), Path.Combine(package, "agent.json"));
        Directory.CreateDirectory(Path.Combine(Workspace, ".opagent"));
        File.WriteAllText(Path.Combine(Workspace, ".opagent/workspace.yaml"), "agent: ./scripted\n");
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _owner.GetAsync("/healthz/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await _owner.PostAsJsonAsync(path, body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Data, "host.sock")), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new HttpRequestException("The host does not listen yet.", error);
        }
    }
}
