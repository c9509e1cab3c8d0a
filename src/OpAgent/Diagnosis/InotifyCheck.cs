namespace OpAgent.Diagnosis;

/// <summary>How many directories may be watched for changes: agents' tools watch whole trees.</summary>
internal static class InotifyCheck
{
    private const string Name = "inotify";
    private const long Watches = 65_536, Instances = 128;

    public static Finding Look(SystemFiles system)
    {
        var watches = system.Number("/proc/sys/fs/inotify/max_user_watches") ?? 0;
        var instances = system.Number("/proc/sys/fs/inotify/max_user_instances") ?? 0;
        return watches < Watches || instances < Instances
            ? Finding.Warning(Name, $"A user may watch {watches} directories with {instances} watchers: tools that watch large trees fail or do not see changes.",
                "Say 'sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024', and the same in a file of /etc/sysctl.d.")
            : Finding.Ok(Name, $"A user may watch {watches} directories with {instances} watchers.");
    }
}
