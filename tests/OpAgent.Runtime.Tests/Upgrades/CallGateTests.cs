using OpAgent.Runtime.Upgrades;

namespace OpAgent.Runtime.Tests.Upgrades;

public sealed class CallGateTests
{
    [Fact]
    public async Task Close_WhileCallsRun_WaitsForThemAndHoldsNewOnesUntilItOpens()
    {
        var gate = new CallGate();
        var (first, second) = (await gate.EnterAsync(RuntimeFixture.Cancellation), await gate.EnterAsync(RuntimeFixture.Cancellation));

        var closing = gate.CloseAsync(RuntimeFixture.Cancellation);
        var waiting = gate.EnterAsync(RuntimeFixture.Cancellation);
        first.Dispose();
        first.Dispose();
        Assert.False(closing.IsCompleted);
        Assert.True(second.Leaving.IsCancellationRequested);
        second.Dispose();
        await closing.WaitAsync(RuntimeFixture.Limit, RuntimeFixture.Cancellation);
        Assert.False(waiting.IsCompleted);
        gate.Open();

        using var pass = await waiting.WaitAsync(RuntimeFixture.Limit, RuntimeFixture.Cancellation);
        Assert.False(pass.Leaving.IsCancellationRequested);
        Assert.False(gate.Leaving.IsCancellationRequested);
    }

    [Fact]
    public async Task Close_GivenUp_CanBeTriedAgain()
    {
        var gate = new CallGate();
        var running = await gate.EnterAsync(RuntimeFixture.Cancellation);
        using var limit = new CancellationTokenSource();
        var closing = gate.CloseAsync(limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing);
        gate.Open();

        running.Dispose();

        await gate.CloseAsync(RuntimeFixture.Cancellation).WaitAsync(RuntimeFixture.Limit, RuntimeFixture.Cancellation);
    }
}
