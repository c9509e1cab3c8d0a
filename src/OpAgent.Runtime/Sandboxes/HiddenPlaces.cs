using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>What no agent may see, at any level (design §3): OpAgent's own data, other workspaces, and the user's credentials.</summary>
internal sealed class HiddenPlaces(RuntimeHome home, WorkspaceRegistry workspaces)
{
    // Below the user's home directory.
    private static readonly string[] Credentials =
    [
        ".ssh", ".gnupg", ".password-store", ".local/share/keyrings", ".pki", ".git-credentials", ".config/git/credentials", ".config/gh", ".config/glab-cli", ".config/hub",
        ".netrc", ".authinfo", ".authinfo.gpg", ".aws", ".azure", ".config/gcloud", ".config/doctl", ".config/hcloud", ".config/rclone", ".oci", ".kube", ".docker", ".config/containers",
        ".terraform.d", ".terraformrc", ".vault-token", ".config/op", ".config/Bitwarden", ".config/Bitwarden CLI", ".npmrc", ".yarnrc.yml", ".pypirc", ".config/pypoetry",
        ".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", ".m2/settings.xml", ".m2/settings-security.xml", ".gradle/gradle.properties", ".nuget/NuGet",
        ".pgpass", ".my.cnf", ".mylogin.cnf", ".config/huggingface", ".cache/huggingface/token", ".mozilla", ".thunderbird", ".config/google-chrome", ".config/chromium", ".config/BraveSoftware",
        ".claude", ".claude.json", ".codex", ".gemini", ".config/github-copilot", ".local/share/opencode", ".config/goose", ".bash_history", ".zsh_history", ".python_history", ".node_repl_history",
    ];

    // What root could read of the machine, and sockets by which programs are started outside.
    private static readonly string[] System =
    [
        "/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/ssl/private", "/etc/krb5.keytab",
        "/run/docker.sock", "/run/docker", "/run/containerd", "/run/podman", "/run/crio", "/run/libvirt", "/run/dbus", "/run/systemd/private", "/run/secrets",
        "/var/lib/incus/unix.socket", "/var/lib/lxd/unix.socket", "/var/snap/lxd/common/lxd/unix.socket", "/mnt/c/Users", "/export/home",
    ];

    /// <summary>The places that are there.</summary>
    /// <param name="own">The workspace that the agent works in.</param>
    public IEnumerable<string> For(string own)
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Own
            .Concat(workspaces.Roots.Where(root => !DirectoryPaths.IsAtOrBelow(root, own)))
            .Concat(Credentials.Select(name => Path.Combine(user, name)))
            .Concat(System)
            .Append($"/run/user/{LibC.getuid()}")
            .Concat(HostKeys)
            .Concat(LibC.getuid() == 0 ? RootOnly : [])
            .Concat(AgentSockets)
            // A name leads to where the thing is; both are hidden, by hiding that.
            .Select(RealPath).OfType<string>().Distinct();
    }

    private static IEnumerable<string> HostKeys => Directory.Exists("/etc/ssh") ? Directory.EnumerateFiles("/etc/ssh", "ssh_host_*_key") : [];

    // Root without its capabilities still owns these.
    private static IEnumerable<string> RootOnly => new[] { "/etc", "/var/lib", "/var/spool" }.Where(Directory.Exists)
        .SelectMany(tree => Directory.EnumerateFileSystemEntries(tree))
        .Where(entry => new FileInfo(entry).LinkTarget is null && (File.GetUnixFileMode(entry) & (UnixFileMode.OtherRead | UnixFileMode.OtherExecute)) == 0);

    // The sockets of the person's own key agents.
    private static IEnumerable<string> AgentSockets =>
        new[] { "SSH_AUTH_SOCK", "GPG_AGENT_INFO", "DBUS_SESSION_BUS_ADDRESS" }
            .Select(name => Environment.GetEnvironmentVariable(name) ?? "").Select(value => value.StartsWith("unix:path=", StringComparison.Ordinal) ? value[10..].Split(',')[0] : value.Split(':')[0])
            .Where(Path.IsPathFullyQualified);

    /// <returns>The place without symbolic links; null where nothing is.</returns>
    public static string? RealPath(string path)
    {
        using var handle = LibC.OpenPath(path);
        return handle is null ? null : Files.WorkspaceRoot.RealPathOf(handle);
    }
}
