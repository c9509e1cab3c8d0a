using CsCheck;
using OpAgent.Core.Conversations;

namespace OpAgent.Core.Tests.Conversations;

public class ConversationFileNameTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 22, 23, 30, 0, TimeSpan.FromHours(-5));

    [Theory]
    [InlineData("Tighten the introduction", "tighten-the-introduction")]
    [InlineData("  What's new -- in  v2.0? ", "whats-new-in-v2-0")]
    [InlineData("Größe über Œuvre, señor Łukasz", "grosse-uber-oeuvre-senor-lukasz")]
    [InlineData("Cafe\u0301 Tiếng Việt", "cafe-tieng-viet")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("日本語", "conversation")]
    [InlineData("", "conversation")]
    [InlineData("a\0b\u202Ec", "a-b-c")]
    public void For_Title_IsDayAndSlug(string title, string slug) => Assert.Equal($"2026-11-22-{slug}.md", ConversationFileName.For(Day, title));

    [Fact]
    public void For_LongTitle_IsCutWithoutATrailingDash() =>
        Assert.Equal($"2026-11-22-{new string('a', 59)}.md", ConversationFileName.For(Day, new string('a', 59) + " and more"));

    [Fact]
    public void For_AnyTitle_IsASafeName() => ConversationGen.Text.Sample(title =>
        Assert.Matches("^2026-11-22-[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?\\.md$", ConversationFileName.For(Day, title)));

    [Fact]
    public void Candidates_AfterTheFirst_AreNumbered() =>
        Assert.Equal(["2026-11-22-a.md", "2026-11-22-a-2.md", "2026-11-22-a-3.md"], ConversationFileName.Candidates(Day, "a").Take(3));
}
