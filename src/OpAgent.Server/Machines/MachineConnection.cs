using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Logging;
using OpAgent.Protocol;

namespace OpAgent.Server.Machines;

/// <summary>The system calls of one machine. Connects when first used and again whenever the connection was lost; many callers share it.</summary>
internal sealed partial class MachineConnection : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public MachineConnection(string name, IMachineTransport transport, TimeProvider time, ILogger<MachineConnection> logger)
    {
        (Name, _time, _logger) = (name, time, logger);
        _channel = GrpcChannel.ForAddress("http://runtime", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                ConnectCallback = (_, cancellationToken) => transport.OpenAsync(cancellationToken),
                EnableMultipleHttp2Connections = false,
                InitialHttp2StreamWindowSize = ProtocolVersion.StreamWindowBytes,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                UseProxy = false,
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = ProtocolVersion.MaxMessageBytes,
            MaxSendMessageSize = ProtocolVersion.MaxMessageBytes,
            ServiceConfig = new ServiceConfig { MethodConfigs = { RepeatWhenConnectionWasLost } },
        });
        var calls = _channel.Intercept(new CallLimits());
        Machine = new(calls);
        Directories = new(calls);
        Conversations = new(calls);
        Files = new(calls);
        Processes = new(calls);
        Packages = new(calls);
    }

    /// <summary>What people call the machine; <c>local</c> for the host's own.</summary>
    public string Name { get; }

    public Protocol.Machine.MachineClient Machine { get; }
    public Directories.DirectoriesClient Directories { get; }
    public Protocol.Conversations.ConversationsClient Conversations { get; }
    public Files.FilesClient Files { get; }
    public Processes.ProcessesClient Processes { get; }
    public Protocol.Packages.PackagesClient Packages { get; }

    // Safe for every call: commands carry an id and happen once however often they arrive.
    private static MethodConfig RepeatWhenConnectionWasLost => new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 3,
            InitialBackoff = TimeSpan.FromMilliseconds(50),
            MaxBackoff = TimeSpan.FromSeconds(1),
            BackoffMultiplier = 4,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };

    public void Dispose() => _channel.Dispose();
}
