using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>Lists the processes that the test names, and notes the signals they get.</summary>
internal sealed class FakeProcessesService(FakeRuntime runtime) : Processes.ProcessesBase
{
    public override Task<ListProcessesReply> List(ListProcessesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListProcessesReply { Items = { runtime.Processes } });

    public override Task<SignalReply> Signal(SignalRequest request, ServerCallContext context)
    {
        runtime.Signals.Enqueue(request);
        return Task.FromResult(new SignalReply());
    }
}
