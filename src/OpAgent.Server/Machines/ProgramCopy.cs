using System.Security.Cryptography;
using System.Text;

namespace OpAgent.Server.Machines;

/// <summary>Copies of programs, named by what is in them.</summary>
internal static class ProgramCopy
{
    // Whoever may write to a copy decides what runs on: a runtime refuses to become a program that others can change.
    private const UnixFileMode OwnerWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>What the copy of a program's directory is called.</summary>
    public static string NameOf(string source) => $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(source))}-{Hash(source)}";

    /// <summary>The copy of a program's directory below <paramref name="root"/>, made when it is not there yet.</summary>
    public static string Make(string source, string root)
    {
        var target = Path.Combine(root, NameOf(source));
        if (Directory.Exists(target)) return target;

        Directory.CreateDirectory(root, OwnerWrites);
        var stage = Path.Combine(root, $".{Guid.NewGuid():N}");
        foreach (var file in Files(source))
        {
            var copy = Path.Combine(stage, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!, OwnerWrites);
            File.Copy(Path.Combine(source, file), copy);
            File.SetUnixFileMode(copy, File.GetUnixFileMode(copy) & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        }

        try
        {
            Directory.Move(stage, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another host of this user was faster; what it made has the same content.
            Directory.Delete(stage, recursive: true);
        }

        return target;
    }

    /// <summary>Removes every copy but one, as far as nothing runs from it.</summary>
    public static void RemoveOthers(string root, string kept)
    {
        var running = RunningPrograms().ToList();
        foreach (var copy in Directory.EnumerateDirectories(root))
        {
            if (copy == kept || running.Exists(program => program.StartsWith(copy + "/", StringComparison.Ordinal))) continue;
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>The programs of all processes that this user may look at; another user's do not run from here.</summary>
    private static IEnumerable<string> RunningPrograms()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(directory => char.IsAsciiDigit(Path.GetFileName(directory)[0])))
        {
            string? program;
            try
            {
                program = File.ResolveLinkTarget(Path.Combine(process, "exe"), returnFinalTarget: false)?.FullName;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is somebody else's.
                continue;
            }

            if (program is not null) yield return program;
        }
    }

    /// <summary>A hash over the names, modes and bytes of everything in the directory.</summary>
    private static string Hash(string source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files(source))
        {
            var path = Path.Combine(source, file);
            using var content = File.OpenRead(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\0{(int)File.GetUnixFileMode(path)}\0{content.Length}\0"));
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static IEnumerable<string> Files(string source) => Directory
        .EnumerateFiles(source, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(source, file))
        .Order(StringComparer.Ordinal);
}
