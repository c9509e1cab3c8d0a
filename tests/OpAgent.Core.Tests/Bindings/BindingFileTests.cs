using System.Diagnostics;
using OpAgent.Core.Agents;
using OpAgent.Core.Bindings;

namespace OpAgent.Core.Tests.Bindings;

public class BindingFileTests
{
    [Fact]
    public void Parse_AllKeys_KeepsValuesAndLines()
    {
        var binding = Parsed("# bound\nagent: writer@^1\nmodel: openai/gpt-5-mini\n\nmode: \"default\"\ninherit: false\ntools:\n  allow: [read]\nbudget: {costPerDay: 5}\n");

        Assert.Equal("docs/.opagent/workspace.yaml", binding.File);
        Assert.True(VersionRange.TryParse("^1", out var range));
        Assert.Equal(new Located<AgentReference>(new AgentReference.Installed("writer", range), 2), binding.Agent);
        Assert.Equal(new Located<string>("openai/gpt-5-mini", 3), binding.Model);
        Assert.Equal(new Located<string>("default", 5), binding.Mode);
        Assert.Equal(new Located<bool>(false, 6), binding.Inherit);
        Assert.Equal([new Located<string>("tools", 7), new Located<string>("budget", 9)], binding.UnknownKeys);
    }

    [Fact]
    public void Parse_Powers_KeepsValuesAndLines()
    {
        var binding = Parsed("sandbox: read-only\nnetwork: off\nlimits:\n  memory: 2GiB\n  processes: 64\n  openFiles: 1024 # each\n\n  turn: 30m\n  idle: 90s\n  output: 8MB\n");

        Assert.Equal(new Located<SandboxLevel>(SandboxLevel.ReadOnly, 1), binding.Sandbox);
        Assert.Equal(new Located<NetworkAccess>(NetworkAccess.Off, 2), binding.Network);
        Assert.Equal(
            new BindingLimits
            {
                Memory = new(2L << 30, 4),
                Processes = new(64, 5),
                OpenFiles = new(1024, 6),
                Turn = new(TimeSpan.FromMinutes(30), 8),
                Idle = new(TimeSpan.FromSeconds(90), 9),
                Output = new(8_000_000, 10),
            },
            binding.Limits);
    }

    [Theory]
    [InlineData("off", NetworkAccess.Off)]
    [InlineData("Off", NetworkAccess.Off)]
    [InlineData("false", NetworkAccess.Off)]
    [InlineData("no", NetworkAccess.Off)]
    [InlineData("'off'", NetworkAccess.Off)]
    [InlineData("on", NetworkAccess.On)]
    [InlineData("TRUE", NetworkAccess.On)]
    [InlineData("\"yes\"", NetworkAccess.On)]
    public void Parse_Network_TakesEverySpellingOfABoolean(string text, NetworkAccess expected) => Assert.Equal(expected, Parsed($"network: {text}\n").Network?.Value);

    [Fact]
    public void ParsePolicy_Broken_NamesThePolicyFile() =>
        Assert.StartsWith("/srv/runtime/policy.yaml:2: sandbox: ", Assert.Single(BindingFile.ParsePolicy("/srv/runtime/policy.yaml", "\nsandbox: strict\n").Errors).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    [InlineData("agent:\nmodel: ~\n")]
    [InlineData("{}")]
    [InlineData("\uFEFF# mark\n")]
    public void Parse_NothingSet_BindsNothing(string text) => Assert.Equal(new BindingFile("docs"), Parsed(text) with { UnknownKeys = [] });

    [Theory]
    [InlineData("agent: Writer", 1, "agent", "found 'Writer'")]
    [InlineData("agent: [a]", 1, "agent", "found a list")]
    [InlineData("x: 1\nagent: writer@latest", 2, "agent", "found 'writer@latest'")]
    [InlineData("agent: ./../other", 1, "agent", "found './../other'")]
    [InlineData("agent: true", 1, "agent", "found 'true'")]
    [InlineData("model: gpt-5", 1, "model", "expected provider/model")]
    [InlineData("mode: {a: b}", 1, "mode", "found a group of keys")]
    [InlineData("inherit: maybe", 1, "inherit", "expected true or false, found 'maybe'")]
    [InlineData("sandbox: none", 1, "sandbox", "a person grants it")]
    [InlineData("sandbox: 'none'", 1, "sandbox", "a person grants it")]
    [InlineData("sandbox: Workspace", 1, "sandbox", "expected read-only or workspace, found 'Workspace'")]
    [InlineData("network: [off]", 1, "network", "expected on or off, found a list")]
    [InlineData("network: 0", 1, "network", "expected on or off, found '0'")]
    [InlineData("limits: 2GiB", 1, "limits", "expected limits such as { memory: 2GiB, turn: 30m }, found '2GiB'")]
    [InlineData("limits:\n  memroy: 2GiB", 2, "limits.memroy", "expected one of memory, processes, openFiles, turn, idle, output")]
    [InlineData("limits:\n  memory: 2", 2, "limits.memory", "expected a size such as 2GiB, found '2'")]
    [InlineData("limits: {processes: 0}", 1, "limits.processes", "expected a whole number above 0, found '0'")]
    [InlineData("limits: {openFiles: many}", 1, "limits.openFiles", "expected a whole number above 0, found 'many'")]
    [InlineData("limits: {turn: 30}", 1, "limits.turn", "expected a time such as 30m, found '30'")]
    [InlineData("limits: {idle: -1m}", 1, "limits.idle", "expected a time such as 15m, found '-1m'")]
    [InlineData("limits: {output: 30m}", 1, "limits.output", "expected a size a second such as 8MiB, found '30m'")]
    [InlineData("- agent: writer", 1, "", "expected keys with values, found a list")]
    [InlineData("agent: a\nagent: b", 2, "", "expected every key once, found 'agent' again")]
    [InlineData("agent: &a writer", 1, "", "anchor")]
    [InlineData("agent: a\nmode: *a", 2, "", "alias")]
    [InlineData("agent: a\n---\nagent: b", 2, "", "one YAML document")]
    [InlineData("agent: 'a", 1, "", "expected YAML")]
    [InlineData("? [a]\n: b", 1, "", "expected a key, found a list")]
    public void Parse_BrokenFile_NamesLineKeyAndExpectation(string text, int line, string key, string expected)
    {
        var result = BindingFile.Parse("docs", text);

        Assert.Null(result.Binding);
        var error = Assert.Single(result.Errors);
        Assert.Equal(("docs/.opagent/workspace.yaml", line, key), (error.File, error.Line, error.Key));
        Assert.Contains(expected, error.Expected);
    }

    [Fact]
    public void Parse_SeveralWrongValues_NamesAllOfThem() => Assert.Equal(3, BindingFile.Parse("", "agent: A\nmodel: b\ninherit: c").Errors.Count);

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{", 100_000)]
    [InlineData("- ", 50_000)]
    [InlineData("{a: ", 50_000)]
    [InlineData("a", 300_000)]
    public void Parse_HostileFile_IsRefusedFast(string piece, int count)
    {
        var text = "agent: " + string.Concat(Enumerable.Repeat(piece, count));
        var watch = Stopwatch.StartNew();

        Assert.NotEmpty(BindingFile.Parse("", text).Errors);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(32, false)]
    public void Parse_NestedLists_AreReadToTheDepthLimit(int depth, bool isRead) =>
        Assert.Equal(isRead, BindingFile.Parse("", $"x: {new string('[', depth)}a{new string(']', depth)}").Errors.Count == 0);

    private static BindingFile Parsed(string text)
    {
        var result = BindingFile.Parse("docs", text);
        Assert.Empty(result.Errors);
        return result.Binding!;
    }
}
