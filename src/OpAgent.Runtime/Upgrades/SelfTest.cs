using System.Net.Sockets;
using System.Text.Json;
using Grpc.Net.Client;
using OpAgent.Acp;
using OpAgent.Core.Conversations;
using OpAgent.Protocol;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Processes;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Upgrades;

/// <summary>
/// <c>opagent-runtime version --self-test</c>: does once, in a directory of its own, what a daemon lives by, and says which program this is. A program
/// that is broken, or lacks something on this machine, fails here and not in the place of one that works.
/// </summary>
internal static class SelfTest
{
    public const string Argument = "--self-test";

    private const string Update = """{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"hello"}}""";

    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("opagent-self-test-");
        try
        {
            var home = RuntimeHome.Open(Path.Combine(directory.FullName, "home"));
            using var supervisor = new ProcessSupervisor();
            await ServeAsync(home, supervisor, cancellationToken).ConfigureAwait(false);
            await WriteJournalAsync(Path.Combine(directory.FullName, "journal.ndjson")).ConfigureAwait(false);
            Read();
            HandOver(home);
            await SpawnAsync(supervisor, home).ConfigureAwait(false);
            var report = new SelfTestReport(RuntimeVersion.Text, ProtocolVersion.Minimum, ProtocolVersion.Maximum, Handover.ReadableFormats);
            Console.WriteLine(JsonSerializer.Serialize(report, UpgradeJson.Default.SelfTestReport));
            return 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The daemon's own services answer over its socket.</summary>
    private static async Task ServeAsync(RuntimeHome home, ProcessSupervisor supervisor, CancellationToken cancellationToken)
    {
        using var sockets = DaemonSockets.Open(home, home.TryLock()!);
        await using var app = ServeCommand.Build(home, supervisor, sockets, TimeProvider.System);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) => new NetworkStream(await DetachedStart.TryConnectAsync(home, token).ConfigureAwait(false) ?? throw new IOException("The socket does not answer."), ownsSocket: true),
        };
        using var channel = GrpcChannel.ForAddress("http://runtime", new GrpcChannelOptions { HttpHandler = handler });
        var hello = await new Machine.MachineClient(channel)
            .HelloAsync(new HelloRequest { MinProtocol = ProtocolVersion.Minimum, MaxProtocol = ProtocolVersion.Maximum }, cancellationToken: cancellationToken).ConfigureAwait(false);
        Require(hello.Version == RuntimeVersion.Text && hello.MachineId == home.MachineId, "the system calls");
        await app.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteJournalAsync(string path)
    {
        using (var journal = Journal.Open(Disk.Real, path, new JournalOptions(), TimeProvider.System))
        {
            journal.AppendUpdate(Guid.CreateVersion7(), System.Text.Encoding.UTF8.GetBytes(Update));
            await journal.SyncAsync().ConfigureAwait(false);
        }

        var kinds = new List<string>();
        using var again = Journal.Open(Disk.Real, path, new JournalOptions(), TimeProvider.System, entry => kinds.Add(entry.Kind));
        Require(kinds is [EventKind.Update] && again.LastSeq == 1, "the journal");
    }

    private static void Read()
    {
        var header = new ConversationHeader(Guid.CreateVersion7(), "Test", "agent@1.0.0", DateTimeOffset.UnixEpoch);
        Require(ConversationMarkdown.Parse(ConversationMarkdown.Write(new Conversation(header))).Conversation?.Header.Id == header.Id, "reading a conversation");
        Require(SessionUpdate.TryParse(System.Text.Encoding.UTF8.GetBytes(Update)) is AgentMessageChunk { Content: TextContent { Text: "hello" } }, "reading what an agent says");
    }

    private static void HandOver(RuntimeHome home)
    {
        var (pid, ticks) = HandoverFile.Self();
        HandoverFile.Write(home, new Handover(Handover.CurrentFormat, pid, ticks, new DaemonHandles(1, 2, 3, 4), []));
        Require(HandoverFile.Take(home).Handles.Sessions == 3, "the handover");
    }

    private static async Task SpawnAsync(ProcessSupervisor supervisor, RuntimeHome home)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        await using var process = await supervisor.StartAsync(new ProcessSpec(Environment.ProcessPath!, ["version"], home.Path, environment)).ConfigureAwait(false);
        var said = new OutputTail();
        await said.CollectAsync(process.StandardOutput).ConfigureAwait(false);
        Require(await process.Exited.ConfigureAwait(false) is { Code: 0 } && said.ToString() == RuntimeVersion.Text, "starting a process");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new IOException($"This program does not work here: {what} failed in its own test.");
    }
}
