using System.Text.Json;

namespace OpAgent.Server.Storage;

/// <summary>
/// The one host of a data directory. The operating system frees the lock when the process ends, however it ends; beside it stands a file that
/// says where the host listens.
/// </summary>
public sealed class HostLock : IDisposable
{
    private readonly DataDirectory _data;
    private readonly FileStream _lock;

    private HostLock(DataDirectory data, FileStream held) => (_data, _lock) = (data, held);

    /// <summary>Takes the lock, or returns null while another host has it.</summary>
    public static HostLock? TryTake(DataDirectory data)
    {
        data.Create();
        try
        {
            return FileLock.TryTake(data.HostLock) is { } held ? new(data, held) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw data.NotUsable(exception);
        }
    }

    /// <summary>Tells other programs of this user where the host is.</summary>
    public void Announce(HostAnnouncement announcement)
    {
        var temporary = _data.HostFile + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(announcement, JsonSerializerOptions.Web) + "\n");
        File.Move(temporary, _data.HostFile, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(_data.HostFile);
        _lock.Dispose();
    }
}

/// <summary>What <c>host.json</c> says about the running host.</summary>
public sealed record HostAnnouncement(int Pid, IReadOnlyList<string> Urls, string Version)
{
    /// <summary>The announcement in a data directory, or null where no host made one.</summary>
    public static HostAnnouncement? Read(DataDirectory data)
    {
        try
        {
            return JsonSerializer.Deserialize<HostAnnouncement>(File.ReadAllText(data.HostFile), JsonSerializerOptions.Web);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }
}
