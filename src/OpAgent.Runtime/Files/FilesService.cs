using Google.Protobuf;
using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Directories;

namespace OpAgent.Runtime.Files;

/// <summary>The system calls on files.</summary>
internal sealed class FilesService(WorkspaceRegistry workspaces) : Protocol.Files.FilesBase
{
    private const int ChunkBytes = 128 * 1024;

    public override Task<ListFilesReply> List(ListFilesRequest request, ServerCallContext context) =>
        With(request.Workspace, root => WorkspaceFiles.List(root, request.Path, request.After, request.Limit));

    public override Task<Protocol.FileInfo> Stat(StatFileRequest request, ServerCallContext context) =>
        With(request.Workspace, root => WorkspaceFiles.Stat(root, request.Path));

    public override async Task Read(ReadFileRequest request, IServerStreamWriter<ReadFileReply> responseStream, ServerCallContext context)
    {
        using var root = workspaces.OpenRoot(request.Workspace);
        using var file = WorkspaceFiles.OpenRead(root, request.Path, out var status);
        await responseStream.WriteAsync(new ReadFileReply { Info = status.ToInfo(WorkspaceRoot.Normalize(request.Path)) }, context.CancellationToken);
        var end = request.Length > 0 ? request.Offset + request.Length : long.MaxValue;
        for (var offset = request.Offset; offset < end;)
        {
            var buffer = new byte[(int)Math.Min(ChunkBytes, end - offset)];
            var count = RandomAccess.Read(file, buffer, offset);
            if (count == 0) break;
            offset += count;
            await responseStream.WriteAsync(new ReadFileReply { Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) }, context.CancellationToken);
        }
    }

    public override async Task<Protocol.FileInfo> Write(IAsyncStreamReader<WriteFileRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken)) throw KnownProblems.InvalidRequest.With("The stream holds no file.");
        var first = requestStream.Current;
        using var root = workspaces.OpenRoot(first.Workspace);
        using var replacement = new FileReplacement(root, first.Path, first.IfMatch, first.IfNoneMatch);
        replacement.Append(first.Data.Span);
        while (await requestStream.MoveNext(context.CancellationToken)) replacement.Append(requestStream.Current.Data.Span);
        return replacement.Commit();
    }

    public override Task<Protocol.FileInfo> CreateDirectory(CreateDirectoryRequest request, ServerCallContext context) =>
        With(request.Workspace, root => WorkspaceFiles.CreateDirectory(root, request.Path));

    public override Task<Protocol.FileInfo> Move(MoveFileRequest request, ServerCallContext context) =>
        With(request.Workspace, root => WorkspaceFiles.Move(root, request.From, request.To));

    public override Task<DeleteFileReply> Delete(DeleteFileRequest request, ServerCallContext context) => With(request.Workspace, root =>
    {
        WorkspaceFiles.Delete(root, request.Path, request.IfMatch, request.Recursive);
        return new DeleteFileReply();
    });

    private Task<T> With<T>(string workspace, Func<WorkspaceRoot, T> operation)
    {
        using var root = workspaces.OpenRoot(workspace);
        return Task.FromResult(operation(root));
    }
}
