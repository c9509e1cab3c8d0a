using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>Says which machine this is.</summary>
internal sealed class FakeMachineService(FakeRuntime runtime) : Protocol.Machine.MachineBase
{
    public override async Task<HelloReply> Hello(HelloRequest request, ServerCallContext context)
    {
        runtime.Hellos.Enqueue(request);
        await runtime.MaySayHello.WaitAsync(context.CancellationToken);
        return new() { Protocol = ProtocolVersion.Maximum, Version = "9.9.9", MachineId = runtime.MachineId, Pid = runtime.Pid };
    }

    public override Task<MachineInfo> GetInfo(GetInfoRequest request, ServerCallContext context) =>
        Task.FromResult(new MachineInfo { MachineId = runtime.MachineId, HostName = "build-1", Cores = 2, Documents = "/home/alice/Documents", RuntimeVersion = "9.9.9", RuntimeProgram = runtime.Program, Sandbox = runtime.Sandbox });

    public override Task<UpgradeReply> Upgrade(UpgradeRequest request, ServerCallContext context)
    {
        // The switch takes the connection with it the first time.
        var isLost = runtime.Upgrades.IsEmpty;
        runtime.Upgrades.Enqueue(request);
        if (isLost) throw new RpcException(new(StatusCode.Unavailable, "The connection was lost."));
        runtime.Program = request.Program;
        return Task.FromResult(new UpgradeReply { From = "9.9.9", To = "10.0.0" });
    }
}
