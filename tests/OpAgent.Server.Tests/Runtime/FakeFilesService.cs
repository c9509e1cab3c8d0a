using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using FileInfo = OpAgent.Protocol.FileInfo;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>The files of the fake runtime, whatever the workspace.</summary>
internal sealed class FakeFiles : ConcurrentDictionary<string, byte[]>
{
    public FileInfo Describe(string path) => TryGetValue(path, out var content)
        ? new() { Name = Path.GetFileName(path), Path = path, Kind = "file", Size = content.Length, Modified = 1_800_000_000_000, Etag = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))[..8] }
        : throw KnownProblems.FileNotFound.With($"{path} does not exist.");
}

internal sealed class FakeFilesService(FakeRuntime runtime) : Files.FilesBase
{
    public override Task<ListFilesReply> List(ListFilesRequest request, ServerCallContext context)
    {
        var names = runtime.Files.Keys.Order(StringComparer.Ordinal).Where(name => string.CompareOrdinal(name, request.After) > 0).ToList();
        var items = names.Take(request.Limit).ToList();
        return Task.FromResult(new ListFilesReply { Items = { items.Select(runtime.Files.Describe) }, Next = items.Count < names.Count ? items[^1] : "" });
    }

    public override Task<FileInfo> Stat(StatFileRequest request, ServerCallContext context) => Task.FromResult(runtime.Files.Describe(request.Path));

    public override async Task Read(ReadFileRequest request, IServerStreamWriter<ReadFileReply> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new() { Info = runtime.Files.Describe(request.Path) });
        foreach (var chunk in runtime.Files[request.Path].Chunk(100_000)) await responseStream.WriteAsync(new() { Data = ByteString.CopyFrom(chunk) });
    }

    public override async Task<FileInfo> Write(IAsyncStreamReader<WriteFileRequest> requestStream, ServerCallContext context)
    {
        await requestStream.MoveNext();
        var first = requestStream.Current.Clone();
        var exists = runtime.Files.ContainsKey(first.Path);
        if (first.IfNoneMatch && exists) throw KnownProblems.FileExists.With("It is there.");
        if (first.IfMatch.Length > 0 && (!exists || (first.IfMatch != "*" && runtime.Files.Describe(first.Path).Etag != first.IfMatch))) throw KnownProblems.FileChanged.With("It changed.");
        using var content = new MemoryStream();
        do requestStream.Current.Data.WriteTo(content);
        while (await requestStream.MoveNext());
        runtime.Files[first.Path] = content.ToArray();
        return runtime.Files.Describe(first.Path);
    }

    public override Task<FileInfo> CreateDirectory(CreateDirectoryRequest request, ServerCallContext context) =>
        Task.FromResult(new FileInfo { Name = Path.GetFileName(request.Path), Path = request.Path, Kind = "directory" });

    public override Task<FileInfo> Move(MoveFileRequest request, ServerCallContext context)
    {
        if (!runtime.Files.TryRemove(request.From, out var content)) throw KnownProblems.FileNotFound.With($"{request.From} does not exist.");
        runtime.Files[request.To] = content;
        return Task.FromResult(runtime.Files.Describe(request.To));
    }

    public override Task<DeleteFileReply> Delete(DeleteFileRequest request, ServerCallContext context) => runtime.Files.TryRemove(request.Path, out _)
        ? Task.FromResult(new DeleteFileReply())
        : throw KnownProblems.FileNotFound.With($"{request.Path} does not exist.");
}
