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

namespace OpAgent.Runtime.Hosting;

/// <summary><c>opagent-runtime serve</c>: the daemon.</summary>
internal static class ServeCommand
{
    /// <summary>The exit code of a daemon that found its home taken.</summary>
    public const int HomeTaken = 3;

    /// <param name="disk">What is written through.</param>
    /// <returns>The program's exit code: 0 after a stop, 3 where another runtime has this home.</returns>
    public static async Task<int> RunAsync(string homePath, Disk disk, TimeProvider time)
    {
        var home = RuntimeHome.Open(homePath, disk);
        using var homeLock = home.TryLock();
        if (homeLock is null)
        {
            await Console.Error.WriteLineAsync($"opagent-runtime: another runtime already serves {home.Path}. Use it, or stop it with 'opagent-runtime stop'.").ConfigureAwait(false);
            return HomeTaken;
        }

        home.CheckWritable();
        // A file that may not grow any more (ulimit -f) is an error like a full disk, not the end of the daemon.
        using var fileSizeLimit = PosixSignalRegistration.Create((PosixSignal)LibC.SIGXFSZ, signal => signal.Cancel = true);
        await using var app = Build(home, time);
        var store = app.Services.GetRequiredService<ConversationStore>();
        app.Services.GetRequiredService<ContainmentGroups>().EndLeft();
        await app.StartAsync().ConfigureAwait(false);
        File.SetUnixFileMode(home.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        app.Services.GetRequiredService<SessionEndpoint>().Start(app);
        HostingLog.Serving(app.Logger, RuntimeVersion.Text, home.Path, home.MachineId, Environment.ProcessId);
        store.Recover();
        await app.WaitForShutdownAsync().ConfigureAwait(false);
        await store.StopAllAsync().ConfigureAwait(false);
        File.Delete(home.Socket);
        File.Delete(home.EndpointSocket);
        return 0;
    }

    private static WebApplication Build(RuntimeHome home, TimeProvider time)
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
        services.AddProcesses();
        services.AddSandboxes();
        services.AddDirectories();
        services.AddPackages();
        services.AddLimits();
        services.AddSessions();
        services.AddHostedService<IdleExit>();
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = ProtocolVersion.MaxMessageBytes;
            options.MaxSendMessageSize = ProtocolVersion.MaxMessageBytes;
            options.Interceptors.Add<ProblemInterceptor>();
        });
        builder.WebHost.UseKestrelCore();
        services.AddRoutingCore();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(provider => new ConfigureOptions<KestrelServerOptions>(kestrel => Listen(kestrel, home, provider)));

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

    private static void Listen(KestrelServerOptions kestrel, RuntimeHome home, IServiceProvider provider)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = ProtocolVersion.MaxStreams;
        kestrel.Limits.Http2.InitialStreamWindowSize = ProtocolVersion.StreamWindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ProtocolVersion.ConnectionWindowBytes;
        var peers = provider.GetRequiredService<PeerCheck>();
        // We hold the lock, so a socket that is there belongs to a runtime that died.
        File.Delete(home.Socket);
        File.Delete(home.EndpointSocket);
        kestrel.ListenUnixSocket(RuntimeHome.ShortSocketPath(home.Socket), listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(peers.Wrap);
        });
        kestrel.ListenUnixSocket(RuntimeHome.ShortSocketPath(home.EndpointSocket), listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
    }
}
