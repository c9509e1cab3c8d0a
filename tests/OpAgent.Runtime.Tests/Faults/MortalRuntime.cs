using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>A daemon that may die at any moment, as its clients see it: a call that it did not answer is repeated to the next one.</summary>
internal sealed class MortalRuntime : IAsyncDisposable
{
    private TaskCompletionSource _nextLife = NewSignal();
    private TaskCompletionSource _changed = NewSignal();
    private Task _watching = Task.CompletedTask;

    private MortalRuntime(FaultyDaemon daemon, RuntimeFixture fixture) => (Daemon, Fixture) = (daemon, fixture);

    public FaultyDaemon Daemon { get; }

    public RuntimeFixture Fixture { get; }

    /// <summary>Completes with the next change of any conversation.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <param name="under">The directory that its files are to lie in.</param>
    public static async Task<MortalRuntime> StartAsync(string? under = null)
    {
        var daemon = new FaultyDaemon();
        var runtime = new MortalRuntime(daemon, await RuntimeFixture.StartAsync(faulty: daemon, under: under));
        runtime.Fixture.BindScripted();
        runtime._watching = runtime.WatchAsync();
        return runtime;
    }

    /// <summary>Starts the next daemon once the last one is gone, and every process with it that it started.</summary>
    public async Task RestartAsync()
    {
        await Daemon.GoneAsync();
        await RuntimeFixture.UntilAsync(() => Task.FromResult(!AgentsProcesses.IsAnyOf(Fixture.Home)), "no agent is left");
        await Fixture.StartDaemonAsync();
        var last = Interlocked.Exchange(ref _nextLife, NewSignal());
        await _watching;
        _watching = WatchAsync();
        last.SetResult();
        Announce();
    }

    /// <summary>Ends the daemon as its user would and starts the next one.</summary>
    public async Task StopAndRestartAsync()
    {
        await Fixture.Machine.StopAsync(new StopRequest());
        await RestartAsync();
    }

    /// <summary>The answer of a daemon, of whichever lives long enough to give one.</summary>
    /// <exception cref="RpcException">It was refused, with a problem.</exception>
    public Task<T> CallAsync<T>(Func<RuntimeFixture, Task<T>> call) => RepeatAsync(fixture => call(fixture).WaitAsync(RuntimeFixture.Limit), CancellationToken.None);

    /// <summary>As <see cref="CallAsync"/>, however long it takes.</summary>
    public async Task<T> RepeatAsync<T>(Func<RuntimeFixture, Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var nextLife = Volatile.Read(ref _nextLife).Task;
            try
            {
                return await call(Fixture);
            }
            catch (Exception error) when ((error is RpcException or ObjectDisposedException) && !cancellationToken.IsCancellationRequested)
            {
                var problem = (error as RpcException)?.Trailers.GetValue("problem");
                Assert.False(problem == "internal", $"The runtime did not expect that: {error.Message}\n{Daemon.Log}");
                if (problem is not null) throw;
                await nextLife.WaitAsync(RuntimeFixture.Limit, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Fixture.DisposeAsync();
        await _watching;
        Daemon.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            using var watch = Fixture.Conversations.Watch(new WatchRequest());
            while (await watch.ResponseStream.MoveNext(CancellationToken.None)) Announce();
        }
        catch (RpcException)
        {
            // The daemon is gone.
        }
    }

    private void Announce() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
