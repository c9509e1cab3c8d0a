using System.Runtime.InteropServices;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>Where the .NET that runs this program is, for agents that are built for it.</summary>
internal static class DotnetRoot
{
    /// <summary>Empty where the program brings its own.</summary>
    public static string Path { get; } =
        // <root>/shared/Microsoft.NETCore.App/<version>/
        RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/') is var directory && directory.Contains("/shared/Microsoft.NETCore.App/", StringComparison.Ordinal)
            ? directory[..directory.IndexOf("/shared/", StringComparison.Ordinal)]
            : "";
}
