using CsCheck;
using OpAgent.Core.Text;

namespace OpAgent.Core.Tests.Text;

public class MarkdownFenceTests
{
    [Theory]
    [InlineData("a", "", "```\na\n```")]
    [InlineData("a\n", "diff", "```diff\na\n```")]
    [InlineData("", "", "```\n```")]
    [InlineData("a ````` b", "", "``````\na ````` b\n``````")]
    [InlineData("a", "x`\ny", "```x y\na\n```")]
    public void Wrap_Text_IsFenced(string text, string info, string expected) => Assert.Equal(expected, MarkdownFence.Wrap(text, info));

    [Fact]
    public void Wrap_AnyText_HasNoLineInsideThatClosesTheFence() => Gen.String[Gen.Char["`\n a"], 0, 40].Sample(text =>
    {
        var lines = MarkdownFence.Wrap(text).Split('\n');

        Assert.DoesNotContain(lines[1..^1], line => line.Trim().StartsWith(lines[^1], StringComparison.Ordinal));
    });
}
