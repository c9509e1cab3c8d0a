using System.Diagnostics;
using Grpc.Core;
using OpAgent.Protocol;
using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Tests.Hosting;

/// <summary>The daemon's own beginning and end.</summary>
public sealed class DaemonTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Stop_WithFollowersAttached_EndsTheirStreamsAndTheDaemonSoon()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        using var follow = runtime.Conversations.Follow(new FollowRequest { Conversation = conversation.Id });
        using var watch = runtime.Conversations.Watch(new WatchRequest());
        await RuntimeFixture.UntilAsync(() => watch.ResponseStream.MoveNext(RuntimeFixture.Cancellation), "the watcher is attached");
        using var daemon = Process.GetProcessById(runtime.Pid);
        var following = Assert.ThrowsAsync<RpcException>(() => follow.ResponseStream.MoveNext(RuntimeFixture.Cancellation));

        await runtime.Machine.StopAsync(new StopRequest());

        await daemon.WaitForExitAsync(RuntimeFixture.Cancellation).WaitAsync(Soon, RuntimeFixture.Cancellation);
        Assert.Equal(StatusCode.Unavailable, (await following).StatusCode);
    }

    [Fact]
    public async Task Start_WhileAnotherDaemonStillHasTheHome_StartsOnceThatIsGone()
    {
        using var temporary = new TemporaryDirectory();
        var home = RuntimeHome.Open(temporary["home"]);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "opagent-runtime"), ["serve", "--detach"]) { Environment = { ["OPAGENT_RUNTIME_HOME"] = home.Path } };
        Process starter;
        using (home.TryLock())
        {
            starter = Process.Start(start)!;
            await RuntimeFixture.UntilAsync(async () => File.Exists(home.Log) && (await File.ReadAllTextAsync(home.Log)).Contains("another runtime already serves", StringComparison.Ordinal), "a daemon found the home taken");
        }

        await starter.WaitForExitAsync(RuntimeFixture.Cancellation).WaitAsync(Soon, RuntimeFixture.Cancellation);

        Assert.Equal(0, starter.ExitCode);
        start.ArgumentList.Clear();
        start.ArgumentList.Add("stop");
        using var stop = Process.Start(start)!;
        await stop.WaitForExitAsync(RuntimeFixture.Cancellation).WaitAsync(Soon, RuntimeFixture.Cancellation);
        starter.Dispose();
    }
}
