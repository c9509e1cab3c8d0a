using System.Formats.Tar;
using System.Net;
using System.Net.Http.Json;
using OpAgent.Core.Problems;
using OpAgent.Server.Packages;
using OpAgent.Server.Tests.Runtime;

namespace OpAgent.Server.Tests.Packages;

public sealed class PackageTests
{
    [Fact]
    public async Task Install_OfADirectory_SendsAllOfIt()
    {
        await using var host = await HostFixture.StartAsync();
        var source = WritePackage(host.Temporary, "writer");
        host.Temporary.Write("writer/data/large.bin", new string('x', 1_000_000));
        File.SetUnixFileMode(host.Temporary.Write("writer/run", "#!/bin/sh\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(host.Temporary["writer/latest"], "data");

        var response = await host.Owner.PostAsJsonAsync("agents", new { source, machine = "local" }, HostFixture.Cancellation);

        var agent = await HostFixture.ReadAsync(response);
        var entries = FakePackage.Entries(host.Runtime.Packages["writer"].Tar);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(("writer", "1.0.0"), (agent.GetProperty("id").GetString(), agent.GetProperty("version").GetString()));
        Assert.Equal(["agent.json", "data", "data/large.bin", "latest", "run"], entries.Select(entry => entry.Name.TrimEnd('/')));
        Assert.Equal((1_000_000, "data"), (entries[2].Length, entries[3].LinkName));
        Assert.True(entries[4].Mode.HasFlag(UnixFileMode.UserExecute) && !entries[2].Mode.HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("writer", (await host.GetAsync("agents")).GetProperty("items")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Digest_OfTheSameContent_DoesNotDependOnWhereAndWhenItWasWritten()
    {
        using var temporary = new TemporaryDirectory();
        var (one, two) = (WritePackage(temporary, "one/writer"), WritePackage(temporary, "two/writer"));
        File.SetLastWriteTimeUtc(Path.Combine(two, "agent.json"), DateTime.UnixEpoch);

        var first = await PackageArchive.Of(one).DigestAsync(HostFixture.Cancellation);
        var second = await PackageArchive.Of(two).DigestAsync(HostFixture.Cancellation);
        File.WriteAllText(Path.Combine(two, "more"), "");
        var third = await PackageArchive.Of(two).DigestAsync(HostFixture.Cancellation);

        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
    }

    [Fact]
    public async Task Entries_OfAPackage_CarryNoTimeAndOwner()
    {
        using var temporary = new TemporaryDirectory();
        var archive = PackageArchive.Of(WritePackage(temporary, "writer"));
        using var tar = new MemoryStream();

        await archive.WriteAsync(tar, HostFixture.Cancellation);

        Assert.All(FakePackage.Entries(tar.ToArray()), entry => Assert.Equal((DateTimeOffset.UnixEpoch, 0, 0), (entry.ModificationTime, entry.Uid, entry.Gid)));
        Assert.All(FakePackage.Entries(tar.ToArray()), entry => Assert.Equal(TarEntryFormat.Gnu, entry.Format));
    }

    [Theory]
    [InlineData("/srv/none", 404, "directory-not-found")]
    [InlineData("relative", 400, "invalid-request")]
    [InlineData(null, 400, "invalid-request")]
    public async Task Install_OfASourceThatIsNone_IsRefused(string? source, int status, string type)
    {
        await using var host = await HostFixture.StartAsync();

        var problem = await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync("agents", new { source }, HostFixture.Cancellation));

        Assert.Equal((status, type), (problem.Status, problem.Type));
    }

    [Fact]
    public async Task Install_OfADirectoryWithoutAGoodManifest_IsRefused()
    {
        await using var host = await HostFixture.StartAsync();
        var file = host.Temporary.Write("broken/agent.json", "{");
        Directory.CreateDirectory(host.Temporary["empty"]);

        var empty = await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync("agents", new { source = host.Temporary["empty"] }, HostFixture.Cancellation));
        var broken = await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync("agents", new { source = host.Temporary["broken"] }, HostFixture.Cancellation));
        var notADirectory = await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync("agents", new { source = file }, HostFixture.Cancellation));

        Assert.Equal(("agent-invalid", "agent-invalid", "not-a-directory"), (empty.Type, broken.Type, notADirectory.Type));
        Assert.Contains("agent.json", broken.Detail);
    }

    [Fact]
    public async Task ActivateAndRemove_OfAnAgent_ReachTheRuntime()
    {
        await using var host = await HostFixture.StartAsync();
        await host.PostAsync("agents", new { source = WritePackage(host.Temporary, "writer") });

        var activated = await host.PostAsync("agents/writer/activate", new { version = "0.9.0" });
        var removed = await host.Owner.DeleteAsync("agents/writer", HostFixture.Cancellation);
        var again = await HostFixture.ProblemOf(host.Owner.DeleteAsync("agents/writer", HostFixture.Cancellation));

        Assert.Equal("0.9.0", activated.GetProperty("version").GetString());
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(KnownProblems.AgentNotFound.Type, again.Type);
    }

    internal static string WritePackage(TemporaryDirectory temporary, string directory, string version = "1.0.0")
    {
        var manifest = new { id = Path.GetFileName(directory), name = "Writer", version, description = "Writes.", opagent = new { command = new { cmd = "./run" } } };
        temporary.Write($"{directory}/agent.json", System.Text.Json.JsonSerializer.Serialize(manifest));
        return temporary[directory];
    }
}
