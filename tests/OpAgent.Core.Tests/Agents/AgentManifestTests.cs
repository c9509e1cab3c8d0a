using CsCheck;
using OpAgent.Core.Agents;

namespace OpAgent.Core.Tests.Agents;

public class AgentManifestTests
{
    [Fact]
    public void Parse_RegistryEntryWithNpx_IsRead()
    {
        var manifest = Parsed("""
            {
              "id": "writer", "name": "Writer", "version": "1.2.0", "description": "Writes",
              "repository": "https://example.org/writer", "authors": ["A <a@example.org>"], "license": "MIT", "icon": "./icon.svg",
              "distribution": { "npx": { "package": "@example/writer@1.2.0", "args": ["--acp"], "env": { "QUIET": "1" } }, "uvx": { "package": "writer==1.2.0" } }
            }
            """);

        Assert.Equal(("writer", "Writer", "1.2.0", "Writes", "writer@1.2.0"), (manifest.Id, manifest.Name, manifest.Version.ToString(), manifest.Description, manifest.Reference));
        Assert.Equal(new PackageDistribution("@example/writer@1.2.0") { Args = ["--acp"], Env = [new EnvironmentVariable("QUIET", "1")] }, manifest.Distribution.Npx);
        Assert.Equal(new PackageDistribution("writer==1.2.0"), manifest.Distribution.Uvx);
        Assert.Equal(
            [new UnknownKey("repository", "\"https://example.org/writer\""), new UnknownKey("authors", "[\"A <a@example.org>\"]"), new UnknownKey("license", "\"MIT\""), new UnknownKey("icon", "\"./icon.svg\"")],
            manifest.Unknown);
    }

    [Fact]
    public void Parse_RegistryEntryWithBinaries_IsRead()
    {
        var manifest = Parsed("""
            {"id":"writer","name":"Writer","version":"0.9.2","distribution":{"binary":{
              "linux-x86_64":{"archive":"https://example.org/l.tar.gz","cmd":"./writer","args":["acp"],"env":{"A":"b"}},
              "windows-x86_64":{"archive":"https://example.org/w.zip","cmd":"./writer.exe","sha256":"00"}}}}
            """);

        Assert.Equal(
            [
                new BinaryDistribution("linux-x86_64", "https://example.org/l.tar.gz", "./writer") { Args = ["acp"], Env = [new EnvironmentVariable("A", "b")] },
                new BinaryDistribution("windows-x86_64", "https://example.org/w.zip", "./writer.exe"),
            ],
            manifest.Distribution.Binaries);
    }

    [Fact]
    public void Parse_OwnObject_IsRead()
    {
        var manifest = Parsed("""
            {"id":"writer","name":"Wörter 😀","version":"1.0.0","opagent":{
              "command":{"cmd":"${agentRoot}/writer","args":["--root","${agentRoot}"],"env":{"HERE":"${agentRoot}/x"}},
              "mode":"default","asks":true,
              "needs":{"model":true,"tools":["files"],"network":false,"commands":["git"]},
              "limits":{"memory":"2GiB","processes":64,"turn":"30m","idle":"90s"},
              "color": { "é": 1 }}}
            """);

        Assert.Equal(
            new AgentCommand("/a/writer") { Args = ["--root", "/a"], Env = [new EnvironmentVariable("HERE", "/a/x")] },
            manifest.Command?.Expand("/a"));
        Assert.Equal(("default", true), (manifest.Mode, manifest.Asks));
        Assert.Equal(new AgentNeeds { Model = true, Tools = ["files"], Commands = ["git"] }, manifest.Needs);
        Assert.Equal(
            new AgentLimits { Memory = 2L << 30, Processes = 64, Turn = TimeSpan.FromMinutes(30), Idle = TimeSpan.FromSeconds(90) },
            manifest.Limits);
        Assert.Equal([new UnknownKey("opagent.color", "{ \"é\": 1 }")], manifest.Unknown);
    }

    [Theory]
    [InlineData("{\n\"id\":\"Writer\",\"name\":\"W\",\"version\":\"1.0.0\",\"distribution\":{\"npx\":{\"package\":\"w\"}}}", 2, "id", "found 'Writer'")]
    [InlineData("{\"id\":\"none\",\"name\":\"W\",\"version\":\"1.0.0\",\"distribution\":{\"npx\":{\"package\":\"w\"}}}", 1, "id", "found 'none'")]
    [InlineData("{\"id\":\"w\",\n\"version\":\"1.0.0\",\"distribution\":{\"npx\":{\"package\":\"w\"}}}", 1, "name", "expected a name, found nothing")]
    [InlineData("{\"id\":\"w\",\"name\":\"W\",\n\n\"version\":\"1.0\",\"distribution\":{\"npx\":{\"package\":\"w\"}}}", 3, "version", "a version like 1.2.3, found '1.0'")]
    [InlineData("{\"id\":\"w\",\"name\":\"W\",\"version\":1,\"distribution\":{\"npx\":{\"package\":\"w\"}}}", 1, "version", "found '1'")]
    [InlineData("{\"id\":\"w\",\"name\":\"W\",\"version\":\"1.0.0\"}", 1, "distribution", "found neither")]
    [InlineData("{\"id\":\"w\",\"name\":\"W\",\"version\":\"1.0.0\",\"distribution\":{\"npx\":{}}}", 1, "distribution.npx.package", "found nothing")]
    [InlineData("{\"id\":\"w\",\"name\":\"W\",\"version\":\"1.0.0\",\"distribution\":{\"npx\":{\"package\":\"w\",\n\"args\":[1]}}}", 2, "distribution.npx.args", "a list of texts")]
    [InlineData("{\"id\":\"w\",\"name\":\"W\",\"version\":\"1.0.0\",\"distribution\":{\"binary\":{\"linux\":{\"cmd\":\"w\"}}}}", 1, "distribution.binary.linux.archive", "found nothing")]
    [InlineData("{\"id\":\"w\",\"name\":\"W\",\"version\":\"1.0.0\",\"opagent\":{\"command\":{\"cmd\":\"w\",\"env\":{\"A=B\":\"\"}}}}", 1, "opagent.command.env.A=B", "a variable's name")]
    [InlineData("{\"id\":\"w\",\"name\":\"W\",\"version\":\"1.0.0\",\"opagent\":{\"command\":{\"cmd\":\"w\"},\n\"limits\":{\"memory\":\"2\"}}}", 2, "opagent.limits.memory", "a size like 2GiB, found '2'")]
    [InlineData("{\"id\":\"w\",\"name\":\"W\",\"version\":\"1.0.0\",\"opagent\":{\"command\":{\"cmd\":\"w\"},\"limits\":{\"processes\":0}}}", 1, "opagent.limits.processes", "above 0")]
    [InlineData("[]", 1, "", "expected a JSON object, found a list")]
    [InlineData("", 1, "", "expected JSON")]
    [InlineData("{\n\"id\": }", 2, "", "expected JSON")]
    [InlineData("{\n\"id\":\"a\",\n\"id\":\"b\"}", 3, "", "'id' again")]
    [InlineData("{} {}", 1, "", "expected JSON")]
    [InlineData("{\n\"id\":\"\\ud800\"}", 2, "", "surrogate")]
    public void Parse_BrokenManifest_NamesLineKeyAndExpectation(string json, int line, string key, string expected)
    {
        var result = AgentManifest.Parse(json, "pkg/agent.json");

        Assert.Null(result.Manifest);
        var error = Assert.Single(result.Errors);
        Assert.Equal(("pkg/agent.json", line, key), (error.File, error.Line, error.Key));
        Assert.Contains(expected, error.Expected);
    }

    [Fact]
    public void Parse_DeepManifest_IsRefused() => Assert.NotEmpty(AgentManifest.Parse(new string('[', 100_000), "agent.json").Errors);

    [Fact]
    public void Parse_AnyText_NeverThrows() => Gen.OneOf(
        "{", "}", "[", "]", ":", ",", "\"id\"", "\"w\"", "\"opagent\"", "\"distribution\"", "\"npx\"", "\"\\ud800\"", "null", "1", "1e999", "true", "\n", "é", "\uD800", "\0", "//", "\uFEFF")
        .Array[0, 12].Select(string.Concat).Sample(json =>
        {
            var result = AgentManifest.Parse(json, "agent.json");
            Assert.Equal(result.Manifest is null, result.Errors.Count > 0);
        }, iter: 5_000);

    private static AgentManifest Parsed(string json)
    {
        var result = AgentManifest.Parse(json, "agent.json");
        Assert.Empty(result.Errors);
        return result.Manifest!;
    }
}
