using OpAgent.Hosting;
using OpAgent.Server.Storage;

namespace OpAgent.Diagnosis;

/// <summary>The data directory: whose it is, who may look into it, and the disk below it.</summary>
internal static class DataCheck
{
    private const string Name = "data";
    private const long Little = 1L << 30, TooLittle = 64L << 20;
    private const UnixFileMode Others = (UnixFileMode)0x3F;

    public static IEnumerable<Finding> Look(DataDirectory data)
    {
        var place = data.Path;
        while (!Path.Exists(place) && Path.GetDirectoryName(place) is { } parent) place = parent;
        yield return Directory.Exists(data.Path) ? Existing(data) : Missing(data, place);
        yield return Disk(data, new DriveInfo(place));
    }

    /// <summary>What a disk with this file system and so much room means.</summary>
    internal static Finding Disk(string path, string format, DriveType type, long free) => (type, free) switch
    {
        (DriveType.Network, _) => Finding.Problem("disk", $"{path} is on a network file system ({format}), where the database and the locks may break.", Elsewhere("on a disk of this machine")),
        (_, < TooLittle) => Finding.Problem("disk", $"Only {Size(free)} are free for {path} ({format}): what agents say can soon not be kept.", "Free some space on that disk."),
        (_, < Little) => Finding.Warning("disk", $"Only {Size(free)} are free for {path} ({format}).", "Free some space on that disk before it is full: turns end where nothing can be written."),
        (DriveType.Ram, _) => Finding.Warning("disk", $"{path} is in memory ({format}): accounts and journals are gone when this machine starts again.", Elsewhere("on a disk")),
        _ => Finding.Ok("disk", $"{Size(free)} are free for {path} ({format})."),
    };

    private static Finding Disk(DataDirectory data, DriveInfo disk) => Disk(data.Path, disk.DriveFormat, disk.DriveType, disk.AvailableFreeSpace);

    private static Finding Existing(DataDirectory data)
    {
        var mode = File.GetUnixFileMode(data.Path);
        if (LibC.Owner(data.Path) is var owner && owner != LibC.User())
            return Finding.Problem(Name, $"{data.Path} belongs to user {owner}, and this is user {LibC.User()}.", $"Run opagent as its owner, or set {DataDirectory.Variable} to a directory of this user's own.");
        if (!LibC.MayWrite(data.Path))
            return Finding.Problem(Name, $"{data.Path} cannot be written: its mode or its disk does not allow it.", $"Say 'chmod 700 {data.Path}', mount the disk for writing, or set {DataDirectory.Variable} to another directory.");
        return (mode & Others) == 0
            ? Finding.Ok(Name, $"{data.Path} is there, and closed to others.")
            : Finding.Warning(Name, $"Others may look into {data.Path}, where accounts and tokens are kept (mode {Convert.ToString((int)mode, 8)}).", $"Say 'chmod 700 {data.Path}'; the next start of the host does it, too.");
    }

    private static Finding Missing(DataDirectory data, string place)
    {
        if (File.Exists(place)) return Finding.Problem(Name, $"{data.Path} is not there and cannot be made: {place} is a file.", Elsewhere("in which this user may write"));
        return LibC.MayWrite(place)
            ? Finding.Ok(Name, $"{data.Path} is not there yet; the first start makes it.")
            : Finding.Problem(Name, $"{data.Path} is not there and cannot be made: this user may not write in {place}.", Elsewhere("in which this user may write"));
    }

    private static string Elsewhere(string where) => $"Set {DataDirectory.Variable} to a directory {where}.";

    private static string Size(long bytes) => bytes >= 1L << 30 ? $"{bytes / (double)(1L << 30):0.0} GiB" : $"{bytes >> 20} MiB";
}
