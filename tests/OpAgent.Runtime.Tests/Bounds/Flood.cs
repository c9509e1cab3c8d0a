using System.Globalization;
using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Bounds;

/// <summary>A daemon with an agent that floods it, and what that does to the daemon's memory.</summary>
internal sealed class Flood : IAsyncDisposable
{
    public const long Megabyte = 1024 * 1024, Gigabyte = 1024 * Megabyte;

    private Flood(RuntimeFixture runtime) => Runtime = runtime;

    public RuntimeFixture Runtime { get; }

    /// <summary>Starts the daemon, and lets the flooding agent and the scripted one run once, so that all code is compiled.</summary>
    public static async Task<Flood> StartAsync(params string[] arguments)
    {
        var flood = new Flood(await RuntimeFixture.StartAsync());
        var runtime = flood.Runtime;
        runtime.Temporary.Write("work/flood/agent.py", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "flood/agent.py")));
        runtime.Temporary.Write("work/flood/agent.json", """
            {"id":"flood","name":"Flood","version":"1.0.0","description":"x","opagent":{"command":{"cmd":"python3","args":["${agentRoot}/agent.py"ARGUMENTS]}}}
            """.Replace("ARGUMENTS", string.Concat(arguments.Select(argument => $",\"{argument}\"")), StringComparison.Ordinal));
        return flood;
    }

    public Task<ConversationInfo> CreateAsync() => Runtime.CreateAsync(agent: "./flood");

    /// <summary>By how much the daemon's resident memory grew at most while something went on, in bytes.</summary>
    public async Task<long> GrowthAsync(Func<Task> during)
    {
        // Resets the peak (proc_pid_clear_refs(5)).
        await File.WriteAllTextAsync($"/proc/{Runtime.Pid}/clear_refs", "5");
        var before = Memory("VmRSS:");
        await during();
        return Memory("VmHWM:") - before;
    }

    /// <summary>Hands a command to the agent and waits for the turn's end, without reading what it says.</summary>
    public async Task RunAsync(ConversationInfo conversation, string command)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(RuntimeFixture.Cancellation);
        limit.CancelAfter(RuntimeFixture.Limit);
        using var watch = Runtime.Conversations.Watch(new WatchRequest());
        var turn = await Runtime.StartTurnAsync(conversation, command);
        var running = false;
        await foreach (var change in watch.ResponseStream.ReadAllAsync(limit.Token))
        {
            if (change.Conversation?.Id != conversation.Id) continue;
            running |= change.Conversation.Turn == turn.Turn;
            if (running && change.Conversation.Turn.Length == 0) return;
        }
    }

    public ValueTask DisposeAsync() => Runtime.DisposeAsync();

    private long Memory(string name) =>
        long.Parse(File.ReadLines($"/proc/{Runtime.Pid}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
}
