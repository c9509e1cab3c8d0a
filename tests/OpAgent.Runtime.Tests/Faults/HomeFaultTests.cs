using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using OpAgent.FaultyRuntime;
using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Packages;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>Every operation of the disk fails once while workspaces are trusted and packages installed; what holds is what was acknowledged.</summary>
public sealed class HomeFaultTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FaultyDisk _disk = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Workspaces_OperationFailsOnce_HoldWhatWasAcknowledged() => ForEveryNth(home =>
    {
        var registry = new WorkspaceRegistry(home);
        var (work, other) = (Path.Combine(_directory.Path, "work"), Path.Combine(_directory.Path, "other"));
        foreach (var path in new[] { work, other }) Directory.CreateDirectory(path);
        Repeat(() => registry.Open(work, trust: false), () => registry.Roots.Count == 0);
        Repeat(() => registry.Open(work, trust: true), () => !registry.IsTrusted(work));
        Repeat(() => registry.Open(other, trust: true), () => registry.Roots.Count == 1);
        Repeat(() => registry.Forget(other), () => registry.IsTrusted(other));

        var again = new WorkspaceRegistry(home);
        Assert.Equal([work], again.Roots);
        Assert.True(again.IsTrusted(work));
        Assert.Empty(Directory.GetFiles(home.Path, "*.tmp"));
    });

    [Fact]
    public void Package_OperationFailsOnce_OneVersionOrTheOtherIsActiveAndWhole() => ForEveryNth(home =>
    {
        var store = new PackageStore(home);
        Repeat(() => Install(store, "1.0.0"), () => store.Active("tested") is null || IsWhole(store));
        Repeat(() => Install(store, "1.1.0"), () => IsWhole(store));
        Repeat(() => store.ActivateVersion("tested", "1.0.0"), () => IsWhole(store));

        var again = new PackageStore(home);
        Assert.Equal("1.0.0", again.Active("tested")!.Manifest.Version.ToString());
        Assert.Equal(["1.1.0", "1.0.0"], again.Versions("tested").Select(package => package.Manifest.Version.ToString()));
        Assert.All(again.Versions("tested"), package => Assert.NotEmpty(package.Digest));
        Assert.Equal(["tested"], Directory.GetFileSystemEntries(home.Packages).Select(Path.GetFileName));
        // Two versions with their digests, and the link.
        Assert.Equal(5, Directory.GetFileSystemEntries(Path.Combine(home.Packages, "tested")).Length);
    });

    private static bool IsWhole(PackageStore store) =>
        store.Active("tested") is { } active && File.ReadAllText(Path.Combine(active.Directory, "program.sh")) == $"echo {active.Manifest.Version}\n";

    private void ForEveryNth(Action<RuntimeHome> history)
    {
        var random = Seed.Next();
        for (var (number, count) = (1, int.MaxValue); count >= number; number++)
        {
            var home = RuntimeHome.Open(_directory[$"home-{number}"], disk: _disk);
            _disk.Arm(new Fault(DiskOperation.Any, number, (FaultKind)random.Next((int)FaultKind.Death)));
            history(home);
            count = _disk.Arm(null).Split(' ').Select(int.Parse).First();
        }
    }

    /// <summary>Until it is acknowledged; after a refusal things must be as they were before.</summary>
    private static void Repeat(Action act, Func<bool> isAsBefore)
    {
        while (true)
        {
            try
            {
                act();
                return;
            }
            catch (IOException)
            {
                Assert.True(isAsBefore());
            }
        }
    }

    private static void Install(PackageStore store, string version)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            Add(tar, "agent.json", $$"""{"id":"tested","name":"Tested","version":"{{version}}","description":"x","opagent":{"command":{"cmd":"sh","args":["program.sh"] } } }""");
            Add(tar, "program.sh", $"echo {version}\n");
        }

        store.Install(stream, Convert.ToHexStringLower(SHA256.HashData(stream.ToArray())));
    }

    private static void Add(TarWriter tar, string name, string content) =>
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { ModificationTime = DateTimeOffset.UnixEpoch, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
}
