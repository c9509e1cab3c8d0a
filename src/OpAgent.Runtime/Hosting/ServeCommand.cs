using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OpAgent.Protocol;
using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Limits;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;
using OpAgent.Runtime.Sandboxes;
using OpAgent.Runtime.Sessions;
using OpAgent.Runtime.Upgrades;

namespace OpAgent.Runtime.Hosting;

/// <summary><c>opagent-runtime serve</c>: the daemon.</summary>
internal static class ServeCommand
{
    /// <summary>The exit code of a daemon that found its home taken.</summary>
    public const int HomeTaken = 3;

    /// <summary>Serves until stopped. The calling thread, the program's first, becomes the one that spawns.</summary>
    /// <param name="disk">What is written through.</param>
    /// <param name="succession">Where another program in this process stopped for this one to go on; null for one that begins anew.</param>
    /// <returns>The program's exit code: 0 after a stop, 3 where another runtime has this home.</returns>
    public static int Run(string homePath, Disk disk, TimeProvider time, Succession? succession = null)
    {
        var home = RuntimeHome.Open(homePath, disk: disk);
        LibC.ForbidCoreDumps();
        using var supervisor = new ProcessSupervisor(new ContainmentGroups(home), ownThread: false, held: succession is not null);
        var serving = Task.Run(() => ServeAsync(home, supervisor, time, succession));
        serving.ContinueWith(_ => supervisor.Dispose(), TaskScheduler.Default);
        supervisor.SpawnLoop();
        return serving.GetAwaiter().GetResult();
    }

    private static async Task<int> ServeAsync(RuntimeHome home, ProcessSupervisor supervisor, TimeProvider time, Succession? succession)
    {
        var handover = succession?.Begin(home);
        using var sockets = OpenSockets(home, handover);
        if (sockets is null)
        {
            await Console.Error.WriteLineAsync($"opagent-runtime: another runtime already serves {home.Path}. Use it, or stop it with 'opagent-runtime stop'.").ConfigureAwait(false);
            return HomeTaken;
        }

        // One that takes over goes on with what it was given, also on a disk that is full by now.
        if (succession is null) home.CheckWritable();
        // A file that may not grow any more (ulimit -f) is an error like a full disk, not the end of the daemon.
        using var fileSizeLimit = PosixSignalRegistration.Create((PosixSignal)LibC.SIGXFSZ, signal => signal.Cancel = true);
        await using var app = Build(home, supervisor, sockets, time);
        var store = app.Services.GetRequiredService<ConversationStore>();
        // Nothing goes on with what an earlier program has left, unless it was handed over.
        if (handover is null) supervisor.Groups!.EndLeft();
        var gate = app.Services.GetRequiredService<CallGate>();
        // Whoever asks before everything goes on waits for that.
        await gate.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        if (succession is not null) app.Services.GetRequiredService<Upgrader>().Succeed(succession, handover);
        store.Restore(handover?.Conversations ?? []);
        await app.StartAsync().ConfigureAwait(false);
        app.Services.GetRequiredService<SessionEndpoint>().Start(app);
        HostingLog.Serving(app.Logger, RuntimeVersion.Text, home.Path, home.MachineId, Environment.ProcessId);
        supervisor.Release();
        store.GoOnRestored();
        gate.Open();
        store.Recover();
        await app.WaitForShutdownAsync().ConfigureAwait(false);
        await store.StopAllAsync().ConfigureAwait(false);
        File.Delete(home.Socket);
        File.Delete(home.EndpointSocket);
        return 0;
    }

    /// <returns>Null where another runtime has the home.</returns>
    private static DaemonSockets? OpenSockets(RuntimeHome home, Handover? handover)
    {
        if (handover is not null) return DaemonSockets.Adopt(home, handover.Handles);
        if (home.TryLock() is not { } homeLock) return null;
        // Whoever it was for is dead.
        HandoverFile.Delete(home);
        return DaemonSockets.Open(home, homeLock);
    }

    /// <summary>The daemon's services and calls, listening on these sockets once it is started.</summary>
    public static WebApplication Build(RuntimeHome home, ProcessSupervisor supervisor, DaemonSockets sockets, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        }).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton(home);
        services.AddSingleton(time);
        services.AddSingleton<PeerCheck>();
        services.AddProcesses(supervisor);
        services.AddSandboxes();
        services.AddDirectories();
        services.AddPackages();
        services.AddLimits();
        services.AddSessions();
        services.AddUpgrades(sockets);
        services.AddHostedService<IdleExit>();
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = ProtocolVersion.MaxMessageBytes;
            options.MaxSendMessageSize = ProtocolVersion.MaxMessageBytes;
            options.Interceptors.Add<ProblemInterceptor>();
            options.Interceptors.Add<CallGateInterceptor>();
        });
        builder.WebHost.UseKestrelCore();
        services.AddRoutingCore();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(provider => new ConfigureOptions<KestrelServerOptions>(kestrel => Listen(kestrel, sockets, provider)));

        var app = builder.Build();
        app.UseRouting();
        app.Use(SessionEndpoint.Guard);
        app.MapGrpcService<MachineService>();
        app.MapGrpcService<DirectoriesService>();
        app.MapGrpcService<FilesService>();
        app.MapGrpcService<ConversationsService>();
        app.MapGrpcService<ProcessesService>();
        app.MapGrpcService<PackagesService>();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, DaemonSockets sockets, IServiceProvider provider)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = ProtocolVersion.MaxStreams;
        kestrel.Limits.Http2.InitialStreamWindowSize = ProtocolVersion.StreamWindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ProtocolVersion.ConnectionWindowBytes;
        var peers = provider.GetRequiredService<PeerCheck>();
        kestrel.ListenUnixSocket(sockets.Path, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(peers.Wrap);
        });
        kestrel.ListenUnixSocket(sockets.RelayedPath, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
