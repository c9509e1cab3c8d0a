using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using OpAgent.Protocol;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Tests.Faults;

namespace OpAgent.Runtime.Tests;

/// <summary>A real daemon in its own home, with a trusted workspace in which the scripted agent answers. Ended with the test.</summary>
internal sealed class RuntimeFixture : IAsyncDisposable
{
    /// <summary>The one time limit of all waits.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "opagent-runtime");

    private readonly Dictionary<string, string> _environment = [];
    private readonly FaultyDaemon? _faulty;
    private GrpcChannel _channel;

    private RuntimeFixture(FaultyDaemon? faulty, string? under)
    {
        Temporary = new TemporaryDirectory(under);
        _faulty = faulty;
        Directory.CreateDirectory(Workspace);
        _channel = OpenChannel();
    }

    public TemporaryDirectory Temporary { get; }

    public string Home => Temporary["home"];

    public string Workspace => Temporary["work"];

    public string Log => Path.Combine(Home, "runtime.log");

    public int Pid { get; private set; }

    public Conversations.ConversationsClient Conversations => new(_channel);

    public Protocol.Files.FilesClient Files => new(_channel);

    public Machine.MachineClient Machine => new(_channel);

    public Protocol.Processes.ProcessesClient Processes => new(_channel);

    public Protocol.Directories.DirectoriesClient Directories => new(_channel);

    public Protocol.Packages.PackagesClient Packages => new(_channel);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="faulty">Serves in place of the ordinary daemon. Not owned.</param>
    /// <param name="under">The directory that its files are to lie in.</param>
    /// <param name="environment">Of the daemon, beside the tests' own.</param>
    public static async Task<RuntimeFixture> StartAsync(bool trust = true, FaultyDaemon? faulty = null, string? under = null, params (string Name, string Value)[] environment)
    {
        var fixture = new RuntimeFixture(faulty, under);
        foreach (var (name, value) in environment) fixture._environment[name] = value.Replace("TEMPORARY", fixture.Temporary.Path, StringComparison.Ordinal);
        await fixture.StartDaemonAsync();
        await fixture.Directories.OpenAsync(new OpenWorkspaceRequest { Path = fixture.Workspace, Trust = trust });
        return fixture;
    }

    public async Task StartDaemonAsync()
    {
        if (_faulty is not null) await _faulty.StartAsync(Home);
        else Assert.Equal(0, await RunAsync("serve", "--detach"));
        _channel.Dispose();
        _channel = OpenChannel();
        Pid = (await Machine.HelloAsync(new HelloRequest { MinProtocol = 1, MaxProtocol = 1 })).Pid;
    }

    /// <summary>Kills the daemon as a crash would.</summary>
    public async Task KillDaemonAsync()
    {
        using var daemon = Process.GetProcessById(Pid);
        daemon.Kill();
        await daemon.WaitForExitAsync(Cancellation).WaitAsync(Limit, Cancellation);
    }

    /// <summary>No file of the daemon may grow beyond this; null for as large as it likes.</summary>
    public unsafe void LimitFileSize(long? bytes)
    {
        const int fileSize = 1;
        var limit = new LibC.RLimit { Current = bytes is { } size ? (ulong)size : ulong.MaxValue, Maximum = ulong.MaxValue };
        Assert.Equal(0, LibC.prlimit64(Pid, fileSize, &limit, null));
    }

    public string JournalOf(ConversationInfo conversation) => Path.Combine(Home, "sessions", conversation.Id, "journal.ndjson");

    /// <summary>Puts the hostile agent into the workspace.</summary>
    /// <returns>The agent as a conversation names it.</returns>
    public string PutHostile(string directory = "")
    {
        foreach (var file in System.IO.Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "hostile")))
            Temporary.Write(Path.Combine("work", directory, "hostile", Path.GetFileName(file)), File.ReadAllText(file));
        return "./hostile";
    }

    /// <summary>Puts the scripted agent into the workspace, started with these arguments, and binds the directory to it.</summary>
    public void BindScripted(string directory = "", params string[] arguments)
    {
        var package = Path.Combine(Workspace, directory, "scripted");
        System.IO.Directory.CreateDirectory(package);
        var source = Path.Combine(AppContext.BaseDirectory, "scripted");
        File.Copy(Path.Combine(source, "agent.py"), Path.Combine(package, "agent.py"), overwrite: true);
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "agent.json")))!;
        foreach (var argument in arguments) manifest["opagent"]!["command"]!["args"]!.AsArray().Add(argument);
        File.WriteAllText(Path.Combine(package, "agent.json"), manifest.ToJsonString());
        Temporary.Write(Path.Combine("work", directory, ".opagent/workspace.yaml"), "agent: ./scripted\n");
    }

    public async Task<ConversationInfo> CreateAsync(string path = "", string agent = "", string title = "Test") =>
        await Conversations.CreateAsync(new CreateConversationRequest { Id = $"{Guid.CreateVersion7()}", Workspace = Workspace, Path = path, Agent = agent, Title = title });

    public async Task<StartTurnReply> StartTurnAsync(ConversationInfo conversation, string script, bool queue = false, string? command = null, params string[] attachments)
    {
        var request = new StartTurnRequest { Command = command ?? $"{Guid.NewGuid()}", Conversation = conversation.Id, Text = script, By = "alice", Queue = queue };
        request.Attachments.AddRange(attachments);
        return await Conversations.StartTurnAsync(request);
    }

    /// <summary>Runs a script to its end.</summary>
    /// <returns>All events of the turn.</returns>
    public async Task<List<TurnEvent>> RunTurnAsync(ConversationInfo conversation, string script)
    {
        var turn = await StartTurnAsync(conversation, script);
        return await FollowUntilAsync(conversation, turn.Seq - 1, entry => entry.Kind == "turn.ended" && entry.Turn == turn.Turn);
    }

    /// <summary>Events after a number up to and including the first that the condition holds for.</summary>
    public async Task<List<TurnEvent>> FollowUntilAsync(ConversationInfo conversation, long after, Func<TurnEvent, bool> last, string epoch = "")
    {
        using var call = Conversations.Follow(new FollowRequest { Conversation = conversation.Id, AfterSeq = after, Epoch = epoch });
        var events = new List<TurnEvent>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        try
        {
            await foreach (var item in call.ResponseStream.ReadAllAsync(limit.Token))
            {
                events.Add(new TurnEvent(item.Epoch, item.Seq, item.Kind, JsonElement.Parse(item.Data.Span)));
                if (last(events[^1])) return events;
            }
        }
        catch (Exception error) when (limit.IsCancellationRequested)
        {
            Assert.Fail($"What was waited for did not come: {error.Message} Events so far: {string.Join(", ", events.TakeLast(20).Select(item => $"{item.Seq} {item.Kind}"))}");
        }

        Assert.Fail("The stream ended.");
        return events;
    }

    public string ReadFile(ConversationInfo conversation) => File.ReadAllText(conversation.File);

    public async Task<string> ProblemOf(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).Trailers.GetValue("problem") ?? "no problem";

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
        await RunAsync("stop");
        _channel.Dispose();
        Temporary.Dispose();
    }

    private async Task<int> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, Environment = { ["OPAGENT_RUNTIME_HOME"] = Home, ["OPAGENT_TEST_SECRET"] = "must not reach an agent" } };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Limit);
        return process.ExitCode;
    }

    /// <summary>Another connection to the daemon, for the caller to dispose.</summary>
    /// <param name="wrap">What stands between the connection and the socket.</param>
    public GrpcChannel OpenChannel(Func<Stream, Stream>? wrap = null) => GrpcChannel.ForAddress("http://runtime", new GrpcChannelOptions
    {
        MaxReceiveMessageSize = ProtocolVersion.MaxMessageBytes,
        MaxSendMessageSize = ProtocolVersion.MaxMessageBytes,
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Home, "runtime.sock")), cancellationToken);
                var stream = new NetworkStream(socket, ownsSocket: true);
                return wrap?.Invoke(stream) ?? stream;
            },
        },
    });
}

/// <summary>One event as a follower got it.</summary>
internal sealed record TurnEvent(string Epoch, long Seq, string Kind, JsonElement Data)
{
    public string? Turn => Data.TryGetProperty("turn", out var turn) ? turn.GetString() : null;

    public string? StopReason => Data.TryGetProperty("stopReason", out var reason) ? reason.GetString() : null;

    public string? Error => Data.TryGetProperty("error", out var error) ? error.GetString() : null;

    /// <summary>The id of an agent's process, as the machine sees it, from <c>agent.started</c>.</summary>
    public int? Pid => Kind == "agent.started" ? Data.GetProperty("pid").GetInt32() : null;

    /// <summary>The text of an agent's message chunk.</summary>
    public string? Said => Kind == "update" && Data.GetProperty("update") is var update && update.GetProperty("sessionUpdate").GetString() == "agent_message_chunk"
        ? update.GetProperty("content").GetProperty("text").GetString()
        : null;
}
