using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>Opens any directory whose path does not begin with /missing.</summary>
internal sealed class FakeDirectoriesService(FakeRuntime runtime) : Directories.DirectoriesBase
{
    public override Task<ListDirectoriesReply> List(ListDirectoriesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListDirectoriesReply { Path = "/home/alice", Parent = "/home", Items = { new DirectoryEntry { Name = "notes", Path = "/home/alice/notes" }, new DirectoryEntry { Name = "code", Path = "/home/alice/code", GitRepository = true } } });

    public override Task<MakeDirectoryReply> Make(MakeDirectoryRequest request, ServerCallContext context) =>
        Task.FromResult(new MakeDirectoryReply { Path = request.Path, Made = runtime.Made.TryAdd(request.Path, true) });

    public override Task<WorkspaceInfo> Open(OpenWorkspaceRequest request, ServerCallContext context)
    {
        if (request.Path.StartsWith("/missing", StringComparison.Ordinal)) throw KnownProblems.DirectoryNotFound.With($"{request.Path} does not exist.");
        var path = request.Path.TrimEnd('/');
        runtime.Workspaces.AddOrUpdate(path, request.Trust, (_, trusted) => trusted || request.Trust);
        return Task.FromResult(Describe(path));
    }

    public override Task<WorkspaceInfo> Trust(TrustRequest request, ServerCallContext context)
    {
        runtime.Workspaces[request.Workspace] = true;
        return Task.FromResult(Describe(request.Workspace));
    }

    public override Task<WorkspaceInfo> Get(GetWorkspaceRequest request, ServerCallContext context) => Task.FromResult(Describe(request.Workspace));

    public override Task<ForgetWorkspaceReply> Forget(ForgetWorkspaceRequest request, ServerCallContext context) => runtime.Workspaces.TryRemove(request.Workspace, out _)
        ? Task.FromResult(new ForgetWorkspaceReply())
        : throw KnownProblems.WorkspaceNotFound.With("Not open.");

    public override Task<ResolvedBinding> ResolveBinding(ResolveBindingRequest request, ServerCallContext context) => Task.FromResult(runtime.Binding);

    public override Task<ResolvedBinding> SetBinding(SetBindingRequest request, ServerCallContext context)
    {
        runtime.SetBindings.Enqueue(request);
        return Task.FromResult(runtime.Binding);
    }

    private WorkspaceInfo Describe(string path) => runtime.Workspaces.TryGetValue(path, out var trusted)
        ? new() { Path = path, Name = Path.GetFileName(path), Trusted = trusted, Exists = true }
        : throw KnownProblems.WorkspaceNotFound.With("Not open.");
}
