using CsCheck;
using OpAgent.Core.Bindings;
using OpAgent.Core.Problems;

namespace OpAgent.Core.Tests.Bindings;

public class WorkspaceYamlTests
{
    [Theory]
    [InlineData("agent: a # why\nmodel: x/y\n", "agent: b # why\nmodel: x/y\n")]
    [InlineData("# top\r\nagent:   'a'\r\ntools: [ a ]  # kept\r\n", "# top\r\nagent:   b\r\ntools: [ a ]  # kept\r\n")]
    [InlineData("agent: # later\n", "agent: b # later\n")]
    [InlineData("agent:\nmode: x", "agent: b\nmode: x")]
    [InlineData("agent: |\n  a\n\n# end\n", "agent: b\n\n# end\n")]
    [InlineData("mode: x", "mode: x\nagent: b")]
    [InlineData("mode: x # why\n\n# end\n", "mode: x # why\nagent: b\n\n# end\n")]
    [InlineData("tools:\n  allow: [a]\n  # in\n", "tools:\n  allow: [a]\nagent: b\n  # in\n")]
    [InlineData("mode: x\r\n", "mode: x\r\nagent: b\r\n")]
    [InlineData("", "agent: b\n")]
    [InlineData("# only this", "# only this\nagent: b\n")]
    [InlineData("{mode: x, agent: a}", "{mode: x, agent: b}")]
    [InlineData("{mode: x}", "{agent: b, mode: x}")]
    [InlineData("{}", "{agent: b}")]
    [InlineData("\uFEFFagent: a\n", "\uFEFFagent: b\n")]
    [InlineData("  agent: a\n  mode: x\n", "  agent: b\n  mode: x\n")]
    [InlineData("  mode: x\n", "  mode: x\n  agent: b\n")]
    public void Set_Value_LeavesEveryOtherByte(string before, string after) => Assert.Equal(after, WorkspaceYaml.Set(before, BindingKeys.Agent, "b"));

    [Theory]
    [InlineData("# top\nagent: a # gone\n# kept\nmode: x\n", "# top\n# kept\nmode: x\n")]
    [InlineData("mode: x\nagent: a", "mode: x\n")]
    [InlineData("agent:\n  a\nmode: x\n", "mode: x\n")]
    [InlineData("{agent: a, mode: x}", "{mode: x}")]
    [InlineData("{mode: x, agent: a}", "{mode: x}")]
    [InlineData("{agent: a}", "{}")]
    [InlineData("mode: x\n", "mode: x\n")]
    public void Set_Null_TakesTheKeyOut(string before, string after) => Assert.Equal(after, WorkspaceYaml.Set(before, BindingKeys.Agent, null));

    [Theory]
    [InlineData("none", "mode: none\n")]
    [InlineData("plan: all", "mode: \"plan: all\"\n")]
    [InlineData("true", "mode: \"true\"\n")]
    [InlineData("7", "mode: \"7\"\n")]
    [InlineData("a\nagent: evil", "mode: \"a\\u000Aagent: evil\"\n")]
    [InlineData("- x", "mode: \"- x\"\n")]
    public void Set_ValueThatYamlTakesForSomethingElse_IsQuoted(string value, string text)
    {
        Assert.Equal(text, WorkspaceYaml.Set("", BindingKeys.Mode, value));
        Assert.Equal(value, BindingFile.Parse("", text).Binding?.Mode?.Value);
    }

    [Fact]
    public void Set_Inherit_IsABoolean() => Assert.Equal("inherit: false\n", WorkspaceYaml.Set("", BindingKeys.Inherit, "false"));

    [Theory]
    [InlineData("agent: [", "x")]
    [InlineData("agent: &a b", "x")]
    [InlineData("agent: a", "Not An Agent")]
    [InlineData("inherit: perhaps", "x")]
    public void Set_BrokenBeforeOrAfter_IsRefused(string text, string value)
    {
        var refused = Assert.Throws<ProblemException>(() => WorkspaceYaml.Set(text, BindingKeys.Agent, value));

        Assert.Equal(KnownProblems.BindingInvalid, refused.Problem);
        Assert.Contains(".opagent/workspace.yaml:1: ", refused.Message);
    }

    [Fact]
    public void Set_WhereAByteOrderMarkWouldComeToTheBeginning_IsRefused() =>
        Assert.Throws<ProblemException>(() => WorkspaceYaml.Set("agent: none\n\uFEFFmode: plan\n", BindingKeys.Agent, null));

    [Fact]
    public void Set_AnyFileAndMode_IsReadBackOrRefused() => Gen.Select(YamlGen.Text, YamlGen.Text.Where(text => text.Length > 0)).Sample((text, mode) =>
    {
        if (TrySet(text, BindingKeys.Mode, mode) is not { } changed) return;

        var (before, after) = (BindingFile.Parse("", text).Binding, BindingFile.Parse("", changed).Binding!);
        Assert.Equal(mode, after.Mode?.Value);
        if (before is null) return;
        Assert.Equal((before.Agent?.Value, before.Model?.Value, before.Inherit?.Value), (after.Agent?.Value, after.Model?.Value, after.Inherit?.Value));
        Assert.Equal(before.UnknownKeys.Select(key => key.Value), after.UnknownKeys.Select(key => key.Value));
        if (!text.Contains("mode") && !text.Contains('{') && text.EndsWith('\n')) Assert.Equal(text, TrySet(changed, BindingKeys.Mode, null) ?? text);
    }, iter: 5_000);

    private static string? TrySet(string text, string key, string? value)
    {
        try
        {
            return WorkspaceYaml.Set(text, key, value);
        }
        catch (ProblemException)
        {
            return null;
        }
    }
}
