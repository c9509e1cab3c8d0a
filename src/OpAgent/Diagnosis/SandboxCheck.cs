namespace OpAgent.Diagnosis;

/// <summary>bubblewrap, which keeps an agent from what is not its own and ends everything that it started.</summary>
internal static class SandboxCheck
{
    private const string Name = "bubblewrap";
    private const string Meaning = "agents can only be given their user's full rights";

    // What a sandbox is made of: namespaces of its own for processes and network, and mounts.
    private static readonly string[] Attempt = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--unshare-pid", "--unshare-net", "--new-session", "--die-with-parent", "true"];

    public static async Task<Finding> LookAsync(SystemFiles system, string path, CancellationToken cancellationToken)
    {
        if (ProgramsCheck.Find("bwrap", path) is not { } program)
            return Finding.Warning(Name, $"bubblewrap is not installed: {Meaning}.", $"Install it: {InstallCommand(system)}.");
        return await Trial.RunAsync(program, Attempt, cancellationToken) switch
        {
            { Exit: 0 } => Finding.Ok(Name, $"{program} works."),
            { } failed => Finding.Warning(Name, $"{program} does not work here, so that {Meaning}: {failed.Error.Split('\n')[^1]}", WhatForbids(system)),
            null => Finding.Warning(Name, $"{program} cannot be run or does not end, so that {Meaning}.", "Install it again."),
        };
    }

    internal static string InstallCommand(SystemFiles system)
    {
        var release = (system.Read("/etc/os-release") ?? "").Split('\n').Where(line => line.StartsWith("ID=", StringComparison.Ordinal) || line.StartsWith("ID_LIKE=", StringComparison.Ordinal))
            .SelectMany(line => line[(line.IndexOf('=') + 1)..].Trim('"').Split(' ')).ToHashSet();
        return release switch
        {
            _ when release.Overlaps(["debian", "ubuntu"]) => "sudo apt install bubblewrap",
            _ when release.Overlaps(["fedora", "rhel", "centos"]) => "sudo dnf install bubblewrap",
            _ when release.Contains("arch") => "sudo pacman -S bubblewrap",
            _ when release.Overlaps(["suse", "opensuse"]) => "sudo zypper install bubblewrap",
            _ when release.Contains("alpine") => "sudo apk add bubblewrap",
            _ => "the package is called bubblewrap",
        };
    }

    /// <summary>Which of the system's settings keeps ordinary users from making namespaces.</summary>
    internal static string WhatForbids(SystemFiles system)
    {
        if (system.Number("/proc/sys/user/max_user_namespaces") == 0) return "Allow user namespaces: 'sudo sysctl user.max_user_namespaces=10000', and the same in a file of /etc/sysctl.d.";
        if (system.Number("/proc/sys/kernel/unprivileged_userns_clone") == 0) return "Allow user namespaces: 'sudo sysctl kernel.unprivileged_userns_clone=1', and the same in a file of /etc/sysctl.d.";
        if (system.Number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1) return "AppArmor forbids user namespaces to it: install the profile 'bwrap-userns-restrict' of the package apparmor-profiles, or say 'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0'.";
        return "In a container, allow it to make namespaces; elsewhere ask who runs this machine what forbids them.";
    }
}
