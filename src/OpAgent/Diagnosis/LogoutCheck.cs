namespace OpAgent.Diagnosis;

/// <summary>Whether agents end when their user logs out: systemd's login manager may end what a session started, and what a user's own service manager runs.</summary>
internal static class LogoutCheck
{
    private const string Name = "logout";

    // logind.conf(5): the first main file that is there counts, then the drop-ins of all of these in the order of their names.
    private static readonly string[] Places = ["/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd"];

    /// <param name="system">The system's files.</param>
    /// <param name="pid">The runtime, or where none runs this program: one that it starts will be where it is.</param>
    /// <param name="user">Who runs it.</param>
    public static Finding Look(SystemFiles system, int pid, string user)
    {
        if (!system.Has("/run/systemd/system")) return Finding.Ok(Name, "No systemd runs here: nothing ends agents when their user logs out.");
        var group = system.Read($"/proc/{pid}/cgroup") ?? "";
        var lingers = system.Has($"/var/lib/systemd/linger/{user}");
        if (group.Contains("/session-", StringComparison.Ordinal) && KillsProcessesOf(system, user))
        {
            return Finding.Problem(Name, $"Logging out kills the runtime and all agents: systemd is set to (KillUserProcesses=yes), and the runtime is part of a login session.",
                $"Run it as a service (the units in deploy/), or say 'loginctl enable-linger {user}' and start it with 'systemd-run --user --scope opagent'.");
        }

        if (group.Contains("/user@", StringComparison.Ordinal) && !lingers)
            return Finding.Problem(Name, $"When {user} logs out for the last time, systemd ends the runtime and all agents: {user}'s service manager ends then.", $"Say 'loginctl enable-linger {user}'.");
        return Finding.Ok(Name, "Logging out ends no agent.");
    }

    private static bool KillsProcessesOf(SystemFiles system, string user)
    {
        var settings = Settings(system);
        var only = settings.GetValueOrDefault("KillOnlyUsers", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var excluded = settings.GetValueOrDefault("KillExcludeUsers", "root").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return IsYes(settings.GetValueOrDefault("KillUserProcesses", "no")) && !excluded.Contains(user) && (only.Length == 0 || only.Contains(user));
    }

    private static Dictionary<string, string> Settings(SystemFiles system)
    {
        var main = Places.Select(place => system.Read($"{place}/logind.conf")).FirstOrDefault(text => text is not null) ?? "";
        var names = Places.SelectMany(place => system.Names($"{place}/logind.conf.d")).Where(name => name.EndsWith(".conf", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);
        var texts = names.Select(name => Places.Select(place => system.Read($"{place}/logind.conf.d/{name}")).First(text => text is not null)!);
        var settings = new Dictionary<string, string>();
        foreach (var line in texts.Prepend(main).SelectMany(text => text.Split('\n')).Select(line => line.Trim()).Where(line => line.Contains('=') && line[0] is not ('#' or ';')))
            settings[line[..line.IndexOf('=')].TrimEnd()] = line[(line.IndexOf('=') + 1)..].TrimStart();
        return settings;
    }

    private static bool IsYes(string value) => value.ToLowerInvariant() is "yes" or "true" or "on" or "1" or "y" or "t";
}
