using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>An agent's own home directory, in which its own login lives; the same for all its conversations.</summary>
internal static class AgentHome
{
    /// <summary>Makes what is missing of it.</summary>
    /// <returns>Its absolute path.</returns>
    public static string Make(RuntimeHome home, string agent)
    {
        var own = Path.Combine(home.Homes, agent);
        Directory.CreateDirectory(TemporaryIn(own), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return own;
    }

    /// <summary>For its temporary files.</summary>
    public static string TemporaryIn(string home) => Path.Combine(home, "tmp");
}
