using System.Diagnostics;

namespace OpAgent.EndToEnd;

/// <summary>The host is killed with -9 again and again, while turns run and clients follow them.</summary>
public sealed class HostKillTests
{
    private const int Kills = 10, Conversations = 10, Chunks = 40;
    private const string SeedVariable = "OPAGENT_SEED";

    private TaskCompletionSource _nextHost = NewSignal();

    /// <summary>Each kill meets every conversation at another point: prompts that were not answered yet, turns in their middle, events that were not sent.</summary>
    [Fact]
    public async Task Host_KilledAtRandomPoints_TurnsGoOnAndClientsGetEverythingOnce()
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given ? int.Parse(given) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"{SeedVariable}={seed}");
        var random = new Random(seed);
        await using var host = new HostFixture();
        host.Bind("python");
        var workspace = await host.OpenAsync();
        var told = new Dictionary<string, List<ServerEvent>>();
        for (var i = 0; i < Conversations; i++) told[(await host.CreateConversationAsync(workspace)).GetProperty("id").GetString()!] = [];
        var runtime = await RuntimePidAsync(host);

        for (var kill = 0; kill < Kills; kill++)
        {
            var (pid, left, number) = (host.HostPid, random.Next(1, Conversations * Chunks), kill);
            var turns = Task.WhenAll(told.Select(item => TurnAsync(host, item.Key, number, item.Value, () =>
            {
                if (Interlocked.Decrement(ref left) == 0) Kill(pid);
            })));
            await HostFixture.UntilAsync(() => turns.IsCompleted || !HostFixture.IsAlive(pid), "the host is killed");
            Kill(pid);
            await HostFixture.UntilAsync(() => !HostFixture.IsAlive(pid), "the host is gone");
            await host.OpenAsync();
            Interlocked.Exchange(ref _nextHost, NewSignal()).SetResult();
            await turns;
        }

        Assert.Equal(runtime, await RuntimePidAsync(host));
        foreach (var (id, events) in told)
        {
            Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(item => item.Seq));
            Assert.Equal(Kills, events.Count(item => item.Kind == "turn.started"));
            Assert.All(events.Where(item => item.Kind == "turn.ended"), item => Assert.Equal("end_turn", item.Data.GetProperty("stopReason").GetString()));
            for (var kill = 0; kill < Kills; kill++) Assert.Single(events, item => item.Said == $"end of {kill}");
            var turns = (await host.GetAsync($"/api/v1/conversations/{id}")).GetProperty("turns").EnumerateArray().ToList();
            Assert.Equal(2 * Kills, turns.Count);
        }
    }

    /// <summary>One prompt, sent until it is answered, and its events, followed from the last one on with whichever host is there.</summary>
    private async Task TurnAsync(HostFixture host, string conversation, int number, List<ServerEvent> told, Action onEvent)
    {
        var turn = await WithAnyHostAsync(() => host.PostAsync($"/api/v1/conversations/{conversation}/turns", new { text = $"chunks {Chunks} 50 2\nsay end of {number}" }, key: $"{conversation}-{number}"));
        await WithAnyHostAsync(async () =>
        {
            await host.FollowUntilAsync(conversation, told.Count == 0 ? null : told[^1].Id, item =>
            {
                told.Add(item);
                onEvent();
                return IsEnd(item);
            });
            // A host that is killed ends its streams, too.
            return told.Count > 0 && IsEnd(told[^1]) ? true : throw new IOException("The stream ended.");
        });

        bool IsEnd(ServerEvent item) => item.Kind == "turn.ended" && item.Data.GetProperty("turn").GetString() == turn.GetProperty("turn").GetString();
    }

    private async Task<T> WithAnyHostAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            var nextHost = Volatile.Read(ref _nextHost).Task;
            try
            {
                return await call();
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                await nextHost.WaitAsync(HostFixture.Limit);
            }
        }
    }

    private static async Task<int> RuntimePidAsync(HostFixture host) => (await host.GetAsync("/api/v1/machines/local")).GetProperty("runtimePid").GetInt32();

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
