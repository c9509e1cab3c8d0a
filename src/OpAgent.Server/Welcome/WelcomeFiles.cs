using System.Reflection;

namespace OpAgent.Server.Welcome;

/// <summary>The files of the welcome workspace, as this program brings them.</summary>
internal static class WelcomeFiles
{
    private const string Prefix = "welcome/";
    private static readonly Assembly Bringing = typeof(WelcomeFiles).Assembly;

    /// <summary>Their paths, relative to the workspace.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        [.. Bringing.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal)];

    public static Stream Open(string path) => Bringing.GetManifestResourceStream(Prefix + path)!;
}
