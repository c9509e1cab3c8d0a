using System.Security.Cryptography;
using System.Text;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Packages;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>The directories of an agent: its home, in which its own login lives, the same for all its conversations, and one for the temporary files of a session.</summary>
/// <param name="Path">The home, absolute.</param>
/// <param name="Temporary">Not in the home: what stands in there is mounted elsewhere, and must not be what an agent has put in its place.</param>
internal sealed record AgentHome(string Path, string Temporary)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where an agent's directories are.</summary>
    public static AgentHome Of(RuntimeHome home, ResolvedAgent agent, Guid conversation)
    {
        // Who brings a package in a workspace chooses its id, and must not get the login of an installed agent by that.
        var id = agent.Manifest.Id;
        var isAnother = !agent.Root.StartsWith(home.Packages + "/", StringComparison.Ordinal) && Directory.Exists(System.IO.Path.Combine(home.Packages, id));
        var name = isAnother ? $"{id}-{Digest(agent.Root)}" : id;
        return new AgentHome(System.IO.Path.Combine(home.Homes, name), System.IO.Path.Combine(home.Temporary, conversation.ToString()));
    }

    /// <summary>Makes what is missing, and forgets the temporary files of the session before.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(Path, OwnerOnly);
        if (Directory.Exists(Temporary)) Directory.Delete(Temporary, recursive: true);
        Directory.CreateDirectory(Temporary, OwnerOnly);
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
}
