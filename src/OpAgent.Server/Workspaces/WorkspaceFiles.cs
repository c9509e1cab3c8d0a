using System.Buffers;
using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Workspaces;

/// <summary>The files of a workspace, by way of its machine's runtime, which alone decides what a path may reach.</summary>
internal sealed class WorkspaceFiles(WorkspaceAccess access)
{
    private const int ChunkBytes = 128 * 1024;

    public async Task<Page<FileView>> ListAsync(string id, string? path, PageQuery page, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await access.FindAsync(id, cancellationToken);
        var reply = await machine.Files.ListAsync(
            new() { Workspace = workspace.Path, Path = path ?? "", After = page.After, Limit = page.Count }, cancellationToken: cancellationToken);
        return new([.. reply.Items.Select(FileView.Of)], PageQuery.CursorAfter(reply.Next));
    }

    public async Task<FileView> StatAsync(string id, string? path, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await access.FindAsync(id, cancellationToken);
        return FileView.Of(await machine.Files.StatAsync(new() { Workspace = workspace.Path, Path = Required(path) }, cancellationToken: cancellationToken));
    }

    /// <summary>Reads a file: <paramref name="begin"/> learns of it first and may decline its bytes.</summary>
    public async Task ReadAsync(string id, string? path, Func<FileView, bool> begin, PipeWriter output, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await access.FindAsync(id, cancellationToken);
        using var call = machine.Files.Read(new() { Workspace = workspace.Path, Path = Required(path) }, cancellationToken: cancellationToken);
        if (!await call.ResponseStream.MoveNext(cancellationToken) || !begin(FileView.Of(call.ResponseStream.Current.Info))) return;
        do
        {
            output.Write(call.ResponseStream.Current.Data.Span);
            await output.FlushAsync(cancellationToken);
        }
        while (await call.ResponseStream.MoveNext(cancellationToken));
    }

    /// <summary>The first bytes of a file.</summary>
    public async Task<byte[]> ReadHeadAsync(string id, string path, int most, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await access.FindAsync(id, cancellationToken);
        using var call = machine.Files.Read(new() { Workspace = workspace.Path, Path = Required(path), Length = most }, cancellationToken: cancellationToken);
        using var head = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(cancellationToken)) head.Write(part.Data.Span);
        return head.ToArray();
    }

    public async Task<FileView> WriteAsync(
        string id, string? path, string ifMatch, bool ifNoneMatch, PipeReader content, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await access.FindAsync(id, cancellationToken);
        using var call = machine.Files.Write(cancellationToken: cancellationToken);
        var first = new WriteFileRequest { Workspace = workspace.Path, Path = Required(path), IfMatch = ifMatch, IfNoneMatch = ifNoneMatch };
        if (await TrySendAsync(call.RequestStream, first, content, cancellationToken)) await call.RequestStream.CompleteAsync();
        try
        {
            return FileView.Of(await call.ResponseAsync);
        }
        catch (RpcException refused) when (ifNoneMatch && refused.Trailers.GetValue(ProtocolVersion.ProblemTrailer) == KnownProblems.FileExists.Type)
        {
            // The request's own condition failed (RFC 9110, section 13.1.2).
            throw (KnownProblems.FileExists with { Status = StatusCodes.Status412PreconditionFailed }).With(refused.Status.Detail);
        }
    }

    public async Task DeleteAsync(string id, string? path, string ifMatch, bool recursive, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await access.FindAsync(id, cancellationToken);
        await machine.Files.DeleteAsync(
            new() { Workspace = workspace.Path, Path = Required(path), IfMatch = ifMatch, Recursive = recursive }, cancellationToken: cancellationToken);
    }

    public async Task<FileView> CreateDirectoryAsync(string id, NewDirectory request, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await access.FindAsync(id, cancellationToken);
        return FileView.Of(await machine.Files.CreateDirectoryAsync(
            new() { Workspace = workspace.Path, Path = Required(request.Path) }, cancellationToken: cancellationToken));
    }

    public async Task<FileView> MoveAsync(string id, FileMove request, CancellationToken cancellationToken)
    {
        var (machine, workspace) = await access.FindAsync(id, cancellationToken);
        var (from, to) = (Required(request.From, "from"), Required(request.To, "to"));
        if (to.StartsWith(from.TrimEnd('/') + "/", StringComparison.Ordinal))
            throw KnownProblems.PathInvalid.With($"'{from}' cannot be moved to '{to}', which would be inside itself: choose a place outside it.");
        return FileView.Of(await machine.Files.MoveAsync(new() { Workspace = workspace.Path, From = from, To = to }, cancellationToken: cancellationToken));
    }

    /// <summary>Sends the content in chunks. False where the runtime refused before the end: its answer says why.</summary>
    private static async Task<bool> TrySendAsync(
        IClientStreamWriter<WriteFileRequest> stream, WriteFileRequest first, PipeReader content, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(first, cancellationToken);
            while (true)
            {
                var read = await content.ReadAsync(cancellationToken);
                try
                {
                    foreach (var segment in read.Buffer)
                    {
                        for (var rest = segment; rest.Length > 0; rest = rest[Math.Min(rest.Length, ChunkBytes)..])
                        {
                            var chunk = rest[..Math.Min(rest.Length, ChunkBytes)];
                            await stream.WriteAsync(new() { Data = UnsafeByteOperations.UnsafeWrap(chunk) }, cancellationToken);
                        }
                    }
                }
                finally
                {
                    // Also after a refusal: the server takes the rest of the body itself and cannot while this read is open.
                    content.AdvanceTo(read.Buffer.End);
                }

                if (read.IsCompleted) return true;
            }
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private static string Required(string? path, string name = "path") =>
        path is { Length: > 0 } ? path : throw KnownProblems.InvalidRequest.With($"The request names no {name}: send the path of a file relative to the workspace.");
}
