using System.Formats.Tar;
using System.Security.Cryptography;
using OpAgent.Core.Agents;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>Looks into a package as the runtime does when it installs one.</summary>
internal static class FakePackage
{
    public static Package Read(byte[] tar, string digest)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(tar)) != digest) throw KnownProblems.AgentInvalid.With("The package was damaged on its way.");
        var manifest = AgentManifest.Parse(Text(tar, AgentManifest.FileName), AgentManifest.FileName).Manifest
            ?? throw KnownProblems.AgentInvalid.With("The manifest is broken.");
        return new() { Id = manifest.Id, Name = manifest.Name, Version = manifest.Version.ToString(), Digest = digest, Versions = { manifest.Version.ToString() } };
    }

    public static string Text(byte[] tar, string name)
    {
        using var content = Entries(tar).Single(entry => entry.Name == name).DataStream!;
        return new StreamReader(content).ReadToEnd();
    }

    public static IReadOnlyList<TarEntry> Entries(byte[] tar)
    {
        var reader = new TarReader(new MemoryStream(tar));
        var entries = new List<TarEntry>();
        while (reader.GetNextEntry(copyData: true) is { } entry) entries.Add(entry);
        return entries;
    }
}
