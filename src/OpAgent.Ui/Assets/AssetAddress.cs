using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace OpAgent.Ui.Assets;

/// <summary>The addresses of the files in <c>wwwroot-assets</c>.</summary>
public static class AssetAddress
{
    internal const string Prefix = "/assets";

    private static readonly ConcurrentDictionary<string, string> Known = new();

    /// <summary>Where the files lie: beside the program.</summary>
    internal static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "wwwroot-assets");

    /// <summary>An address that changes with the file's content, so that a browser may keep it for good.</summary>
    /// <param name="path">Relative, for example <c>css/markdown.css</c>.</param>
    public static string Of(string path) => $"{Prefix}/{path}?v={VersionOf(path)}";

    /// <summary>The beginning of the content's hash; "0" where the file is missing.</summary>
    internal static string VersionOf(string path) => Known.GetOrAdd(path, static path =>
    {
        var file = Path.Combine(Directory, path);
        return File.Exists(file) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..16] : "0";
    });
}
