using OpAgent.FaultyRuntime;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>The runtime, or an agent, is killed with -9 in the middle of what it does, again and again.</summary>
public sealed class KillTests
{
    private const int Rounds = 4, KillsInARound = 3, Conversations = 9;
    private const int MostOperations = 400, MostEvents = 400;

    /// <summary>Each kill meets every conversation at another point of its history.</summary>
    [Fact]
    public async Task Runtime_KilledAtRandomPoints_LosesNothingAcknowledgedAndLeavesNoAgent()
    {
        var random = Seed.Next();
        await using var runtime = await MortalRuntime.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var conversations = await Task.WhenAll(Enumerable.Range(0, Conversations).Select(_ => ToldConversation.CreateAsync(runtime)));
            var histories = Task.WhenAll(conversations.Select(History.RunAsync));
            for (var kill = 0; kill < KillsInARound; kill++) await KillAsync(runtime, conversations, histories, random);
            await histories;
            foreach (var conversation in conversations)
            {
                await conversation.CheckAsync();
                await conversation.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Agent_KilledAtRandomPoints_EndsItsTurnAndTheNextPromptWorks()
    {
        const int mostEvents = 60;
        var random = Seed.Next();
        await using var runtime = await MortalRuntime.StartAsync();
        var conversations = await Task.WhenAll(Enumerable.Range(0, Conversations * 2).Select(_ => ToldConversation.CreateAsync(runtime)));
        foreach (var conversation in conversations)
        {
            var (pid, left) = (0, random.Next(mostEvents));
            conversation.OnTold = item =>
            {
                if (item.Kind == "agent.started") pid = item.Data.GetProperty("pid").GetInt32();
                if (--left <= 0 && item.Kind != "agent.exited" && pid != 0) _ = LibC.kill(pid, LibC.SIGKILL);
                // Not the ones that come after it.
                if (left <= 0 && pid != 0) (pid, left) = (0, int.MaxValue);
            };
        }

        foreach (var some in conversations.Chunk(Conversations / 2)) await Task.WhenAll(some.Select(History.RunAsync));

        foreach (var conversation in conversations)
        {
            conversation.OnTold = null;
            // One that was killed with the last event meets this prompt, or dies before it.
            await conversation.PromptAsync("say settled");
            await conversation.RestAsync();
            await conversation.CheckAsync();
            await conversation.DisposeAsync();
        }

        Assert.False(AgentsProcesses.IsAnyOf(runtime.Fixture.Home));
    }

    [Fact]
    public async Task Prompt_RefusedAndSentAgainAfterACrash_IsANewOne()
    {
        await using var runtime = await MortalRuntime.StartAsync();
        await using var conversation = await ToldConversation.CreateAsync(runtime);
        // The journal's sync comes first, then the file's with its title.
        await runtime.Daemon.ArmAsync(new Fault(DiskOperation.Sync, 2, FaultKind.BadDisk));
        Assert.NotNull((await conversation.PromptAsync("say refused")).Refused);
        await conversation.PromptAsync("say taken");
        await conversation.RestAsync();
        runtime.Daemon.Kill();
        await runtime.RestartAsync();

        await conversation.CheckAsync();
    }

    /// <summary>In the middle of a disk operation, or when somebody was told so many events, or at the end of the histories at the latest.</summary>
    private static async Task KillAsync(MortalRuntime runtime, ToldConversation[] conversations, Task histories, Random random)
    {
        if (random.Next(2) == 0) await runtime.Daemon.ArmAsync(new Fault(DiskOperation.Any, random.Next(1, MostOperations), FaultKind.Death));
        else
        {
            var left = random.Next(1, MostEvents);
            foreach (var conversation in conversations)
            {
                conversation.OnTold = _ =>
                {
                    if (Interlocked.Decrement(ref left) == 0) runtime.Daemon.Kill();
                };
            }
        }

        await Task.WhenAny(runtime.Daemon.GoneAsync(), histories);
        foreach (var conversation in conversations) conversation.OnTold = null;
        runtime.Daemon.Kill();
        await runtime.RestartAsync();
    }
}
