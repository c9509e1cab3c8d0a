using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>Lists the processes that the test names.</summary>
internal sealed class FakeProcessesService(FakeRuntime runtime) : Processes.ProcessesBase
{
    public override Task<ListProcessesReply> List(ListProcessesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListProcessesReply { Items = { runtime.Processes } });
}
