using System.Text.Json;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Upgrades;

/// <summary>The file in which a handover goes from program to program: the owner's alone, and gone as soon as it was read.</summary>
internal static class HandoverFile
{
    /// <exception cref="IOException">The disk does not take it.</exception>
    public static void Write(RuntimeHome home, Handover handover)
    {
        Delete(home);
        try
        {
            using var file = new FileStream(PathIn(home), new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            JsonSerializer.Serialize(file, handover, UpgradeJson.Default.Handover);
        }
        catch
        {
            Delete(home);
            throw;
        }
    }

    /// <summary>Reads and deletes it.</summary>
    /// <exception cref="IOException">There is none for this process, or it cannot be read.</exception>
    public static Handover Take(RuntimeHome home)
    {
        try
        {
            var handover = JsonSerializer.Deserialize(File.ReadAllBytes(PathIn(home)), UpgradeJson.Default.Handover)!;
            if (!Handover.ReadableFormats.Contains(handover.Format)) throw new IOException($"The handover has format {handover.Format}; this program reads {string.Join(", ", Handover.ReadableFormats)}.");
            var (pid, ticks) = Self();
            return handover.Pid == pid && handover.StartTicks == ticks ? handover : throw new IOException($"The handover is for process {handover.Pid}, not for this one.");
        }
        catch (JsonException error)
        {
            throw new IOException($"The handover cannot be read: {error.Message}", error);
        }
        finally
        {
            Delete(home);
        }
    }

    public static void Delete(RuntimeHome home) => File.Delete(PathIn(home));

    /// <summary>What names this process for good.</summary>
    public static (int Pid, long StartTicks) Self() => (Environment.ProcessId, ProcessStatus.Read(Environment.ProcessId)!.StartTicks);

    private static string PathIn(RuntimeHome home) => Path.Combine(home.Path, "handover.json");
}
