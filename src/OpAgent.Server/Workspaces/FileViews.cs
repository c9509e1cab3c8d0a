using OpAgent.Server.Machines;

namespace OpAgent.Server.Workspaces;

/// <summary>A file or directory of a workspace.</summary>
/// <param name="Path">Relative to the workspace.</param>
/// <param name="Kind">file, directory, symlink or other.</param>
/// <param name="ETag">Of a file's content; null for anything else.</param>
public sealed record FileView(string Name, string Path, string Kind, long Size, DateTimeOffset Modified, string? ETag)
{
    internal static FileView Of(Protocol.FileInfo info) =>
        new(info.Name, info.Path, info.Kind, info.Size, DateTimeOffset.FromUnixTimeMilliseconds(info.Modified), info.Etag.NullIfEmpty());
}

/// <summary>A directory to make.</summary>
public sealed record NewDirectory(string? Path);

/// <summary>A file or directory to move. Nothing is replaced.</summary>
public sealed record FileMove(string? From, string? To);
