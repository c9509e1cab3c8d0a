using OpAgent.FaultyRuntime;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>One operation of the disk after the other fails in the middle of a history; then the disk works again, and the conversation comes back right.</summary>
public sealed class NthFaultTests
{
    private static readonly FaultKind[] Errors = [FaultKind.BadDisk, FaultKind.FullDisk, FaultKind.ShortWrite];

    [Theory]
    [InlineData(DiskOperation.Create)]
    [InlineData(DiskOperation.Write)]
    [InlineData(DiskOperation.Sync)]
    [InlineData(DiskOperation.Rename)]
    [InlineData(DiskOperation.Delete)]
    public async Task Operation_FailsOnce_ConversationComesBackRight(DiskOperation operation) => await ForEveryNthAsync(operation, stays: false, mostSkipped: 0);

    /// <summary>From somewhere on nothing works, not even undoing what was begun.</summary>
    [Fact]
    public async Task Disk_FailsForAWhile_ConversationComesBackRight() => await ForEveryNthAsync(DiskOperation.Any, stays: true, mostSkipped: 12);

    private static async Task ForEveryNthAsync(DiskOperation operation, bool stays, int mostSkipped)
    {
        var random = Seed.Next();
        await using var runtime = await MortalRuntime.StartAsync();
        var conversations = new List<ToldConversation>();
        for (var number = 1; ; number += 1 + random.Next(mostSkipped))
        {
            var fault = new Fault(operation, number, Errors[random.Next(Errors.Length)], stays);
            try
            {
                // One that cannot even be created for a while has nothing to tell.
                if (!stays) await runtime.Daemon.ArmAsync(fault);
                var conversation = await ToldConversation.CreateAsync(runtime);
                conversations.Add(conversation);
                if (stays) await runtime.Daemon.ArmAsync(fault);
                await History.RunAsync(conversation);
                var counts = await runtime.Daemon.HealAsync();
                await conversation.CheckAsync();
                if (counts[(int)operation] < number) break;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{fault}: {error.Message}\n{runtime.Daemon.Log}", error);
            }
        }

        await runtime.StopAndRestartAsync();
        foreach (var conversation in conversations)
        {
            await conversation.CheckAfterRestartAsync();
            await conversation.DisposeAsync();
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{conversations.Count} histories");
    }
}
