using Grpc.Core;
using OpAgent.Core.Bindings;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Sandboxes;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Directories;

/// <summary>The system calls on directories and workspaces.</summary>
internal sealed class DirectoriesService(WorkspaceRegistry workspaces, BindingReader bindings, BindingWriter writer, SandboxSupport sandbox, ConversationStore conversations, RuntimeHome home) : Protocol.Directories.DirectoriesBase
{
    public override Task<ListDirectoriesReply> List(ListDirectoriesRequest request, ServerCallContext context)
    {
        var path = DirectoryPaths.Canonicalize(request.Path.Length > 0 ? request.Path : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
        var reply = new ListDirectoriesReply { Path = path, Parent = Path.GetDirectoryName(path) ?? "" };
        try
        {
            var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true };
            reply.Items.AddRange(Directory.EnumerateDirectories(path, "*", options).Order(StringComparer.OrdinalIgnoreCase).Select(directory => new DirectoryEntry
            {
                Name = Path.GetFileName(directory),
                Path = directory,
                GitRepository = Path.Exists(Path.Combine(directory, ".git")),
                Bound = File.Exists(Path.Combine(directory, BindingFile.RelativePath)),
            }));
        }
        catch (UnauthorizedAccessException)
        {
            throw KnownProblems.AccessDenied.With($"'{path}' may not be listed by the user who runs OpAgent.");
        }

        return Task.FromResult(reply);
    }

    public override Task<MakeDirectoryReply> Make(MakeDirectoryRequest request, ServerCallContext context)
    {
        var (path, made) = DirectoryPaths.Make(request.Path, home);
        return Task.FromResult(new MakeDirectoryReply { Path = path, Made = made });
    }

    public override async Task<WorkspaceInfo> Open(OpenWorkspaceRequest request, ServerCallContext context)
    {
        if (request.Trust) await RequireSandboxAsync(request.FullRights).ConfigureAwait(false);
        return workspaces.Open(request.Path, request.Trust, request.FullRights);
    }

    public override async Task<WorkspaceInfo> Trust(TrustRequest request, ServerCallContext context)
    {
        await RequireSandboxAsync(request.FullRights).ConfigureAwait(false);
        var narrows = !request.FullRights && workspaces.HasFullRights(request.Workspace);
        var trusted = workspaces.Trust(request.Workspace, request.FullRights);
        // An agent that runs keeps what it has.
        if (narrows) await conversations.StopAllAsync(request.Workspace).ConfigureAwait(false);
        return trusted;
    }

    public override Task<WorkspaceInfo> Get(GetWorkspaceRequest request, ServerCallContext context) => Task.FromResult(workspaces.Get(request.Workspace));

    public override async Task<ForgetWorkspaceReply> Forget(ForgetWorkspaceRequest request, ServerCallContext context)
    {
        await conversations.StopAllAsync(request.Workspace).ConfigureAwait(false);
        workspaces.Forget(request.Workspace);
        return new ForgetWorkspaceReply();
    }

    public override Task<Protocol.ResolvedBinding> ResolveBinding(ResolveBindingRequest request, ServerCallContext context)
    {
        using var root = workspaces.OpenRoot(request.Workspace);
        return Task.FromResult(BindingMessage.Of(bindings.Resolve(root, WorkspaceRoot.Normalize(request.Path))));
    }

    public override Task<Protocol.ResolvedBinding> SetBinding(SetBindingRequest request, ServerCallContext context)
    {
        using var root = workspaces.OpenRoot(request.Workspace);
        var directory = WorkspaceRoot.Normalize(request.Path);
        writer.Set(root, directory, request.Values);
        return Task.FromResult(BindingMessage.Of(bindings.Resolve(root, directory)));
    }

    /// <summary>Where nothing keeps an agent from what is not its own, trusting a directory is another question.</summary>
    private async Task RequireSandboxAsync(bool fullRights)
    {
        if (fullRights || await sandbox.FindObstacleAsync().ConfigureAwait(false) is not { } obstacle) return;
        throw KnownProblems.FullRightsNotGranted.With(
            $"On this machine an agent gets your full rights, because it cannot be kept in a sandbox: {obstacle}. Do that, or grant full rights if you mean it: opagent open DIR --trust --full-rights");
    }
}
