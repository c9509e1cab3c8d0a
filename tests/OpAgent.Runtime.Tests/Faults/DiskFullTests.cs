namespace OpAgent.Runtime.Tests.Faults;

/// <summary>A disk of 64 MB that is filled and emptied again while conversations go on.</summary>
public sealed class DiskFullTests
{
    private const int Megabytes = 64, Conversations = 4, Times = 3, MostFreeBytes = 300_000, FloodBytes = 20_000_000;

    [Fact]
    public async Task Disk_FullAndBack_LosesNothingAcknowledged()
    {
        var random = Seed.Next();
        using var disk = new SmallDisk(Megabytes);
        await using var runtime = await MortalRuntime.StartAsync(disk.Path);
        var conversations = await Task.WhenAll(Enumerable.Range(0, Conversations).Select(_ => ToldConversation.CreateAsync(runtime)));
        for (var time = 0; time < Times; time++)
        {
            var histories = Task.WhenAll(conversations.Select(History.RunAsync));
            // One of the agents fills the disk itself.
            if (time == Times - 1) await conversations[0].PromptAsync($"flood {FloodBytes}", queue: true);
            while (!histories.IsCompleted)
            {
                disk.Fill(random.Next(MostFreeBytes));
                await Task.WhenAny(runtime.Changed, histories);
            }

            await histories;
            disk.Empty();
            if (time == 0) await KillAsync(runtime);
            foreach (var conversation in conversations) await conversation.SendAgainAsync();
        }

        Assert.Contains(conversations.SelectMany(conversation => conversation.Prompts), prompt => prompt.Refused is not null);
        foreach (var conversation in conversations)
        {
            await conversation.CheckAsync();
            await conversation.DisposeAsync();
        }
    }

    private static async Task KillAsync(MortalRuntime runtime)
    {
        runtime.Daemon.Kill();
        await runtime.RestartAsync();
    }
}
