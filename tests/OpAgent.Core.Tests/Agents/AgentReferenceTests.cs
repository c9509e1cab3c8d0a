using OpAgent.Core.Agents;

namespace OpAgent.Core.Tests.Agents;

public class AgentReferenceTests
{
    [Theory]
    [InlineData("writer", typeof(AgentReference.Installed))]
    [InlineData("claude-code.acp_2", typeof(AgentReference.Installed))]
    [InlineData("writer@^1.2", typeof(AgentReference.Installed))]
    [InlineData("writer@1.0.0-beta.1", typeof(AgentReference.Installed))]
    [InlineData("./packages/writer", typeof(AgentReference.Package))]
    [InlineData("./my agent", typeof(AgentReference.Package))]
    [InlineData("none", typeof(AgentReference.None))]
    public void TryParse_Reference_WritesTheSame(string text, Type type)
    {
        Assert.True(AgentReference.TryParse(text, out var reference));
        Assert.IsType(type, reference);
        Assert.Equal(text, reference.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Writer")]
    [InlineData("-writer")]
    [InlineData(".writer")]
    [InlineData("wri ter")]
    [InlineData("writer@")]
    [InlineData("writer@latest")]
    [InlineData("none@1")]
    [InlineData("@1")]
    [InlineData("/abs/writer")]
    [InlineData("../writer")]
    [InlineData("./")]
    [InlineData("./a/../../b")]
    [InlineData("./a//b")]
    [InlineData("./a\\b")]
    [InlineData("./a\nb")]
    public void TryParse_NoReference_IsRefused(string text) => Assert.False(AgentReference.TryParse(text, out _));
}
