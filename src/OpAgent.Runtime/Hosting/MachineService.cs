using System.Globalization;
using System.Runtime.InteropServices;
using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Limits;
using OpAgent.Runtime.Processes;
using OpAgent.Runtime.Sandboxes;
using OpAgent.Runtime.Sessions;
using OpAgent.Runtime.Upgrades;

namespace OpAgent.Runtime.Hosting;

/// <summary>The system calls on the machine as a whole.</summary>
internal sealed class MachineService(
    RuntimeHome home, ConversationStore conversations, SandboxSupport sandbox, AgentLimiter limiter, Upgrader upgrader, IHostApplicationLifetime lifetime, ILogger<MachineService> logger) : Machine.MachineBase
{
    public override Task<HelloReply> Hello(HelloRequest request, ServerCallContext context)
    {
        var protocol = Math.Min(request.MaxProtocol, ProtocolVersion.Maximum);
        if (protocol < Math.Max(request.MinProtocol, ProtocolVersion.Minimum))
            throw KnownProblems.MachineUnavailable.With($"This runtime ({RuntimeVersion.Text}) speaks protocol {ProtocolVersion.Minimum} to {ProtocolVersion.Maximum}, the host wants {request.MinProtocol} to {request.MaxProtocol}. Upgrade the older of the two.");
        var self = ProcessStatus.Read(Environment.ProcessId)!;
        return Task.FromResult(new HelloReply
        {
            Protocol = protocol,
            Version = RuntimeVersion.Text,
            MachineId = home.MachineId,
            Pid = Environment.ProcessId,
            Started = self.Started.ToUnixTimeMilliseconds(),
        });
    }

    public override async Task<MachineInfo> GetInfo(GetInfoRequest request, ServerCallContext context)
    {
        var disk = new DriveInfo(home.Path);
        var memory = ReadMemory();
        return new MachineInfo
        {
            MachineId = home.MachineId,
            HostName = Environment.MachineName,
            Os = RuntimeInformation.OSDescription,
            Architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            User = Environment.UserName,
            Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            Cores = Environment.ProcessorCount,
            MemoryBytes = memory.GetValueOrDefault("MemTotal"),
            MemoryAvailableBytes = memory.GetValueOrDefault("MemAvailable"),
            Load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture),
            DiskBytes = disk.TotalSize,
            DiskFreeBytes = disk.AvailableFreeSpace,
            RuntimeVersion = RuntimeVersion.Text,
            RuntimePid = Environment.ProcessId,
            RuntimeProgram = Environment.ProcessPath,
            RuntimeMemoryBytes = ProcessStatus.Read(Environment.ProcessId)?.ResidentBytes ?? 0,
            LiveSessions = conversations.LiveSessions,
            Containment = ContainmentNames.Of(await sandbox.FindContainmentAsync().ConfigureAwait(false)),
            Sandbox = await sandbox.FindObstacleAsync().ConfigureAwait(false) ?? "bubblewrap",
            Documents = FindDocuments(),
            Limits = limiter.Means,
        };
    }

    public override async Task<StopReply> Stop(StopRequest request, ServerCallContext context)
    {
        HostingLog.StopRequested(logger);
        upgrader.IsStopping = true;
        try
        {
            await conversations.StopAllAsync().ConfigureAwait(false);
        }
        finally
        {
            lifetime.StopApplication();
        }

        return new StopReply();
    }

    public override Task<UpgradeReply> Upgrade(UpgradeRequest request, ServerCallContext context) => upgrader.UpgradeAsync(request.Program, request.Command, context.CancellationToken);

    // Empty where the directory that the desktop names is not there.
    private static string FindDocuments() => Environment.GetFolderPath(Environment.SpecialFolder.MyDocuments) is { Length: > 0 } documents
        ? documents
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static Dictionary<string, long> ReadMemory() => File.ReadLines("/proc/meminfo")
        .Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(fields => fields[0], fields => long.Parse(fields[1], CultureInfo.InvariantCulture) * 1024);
}
