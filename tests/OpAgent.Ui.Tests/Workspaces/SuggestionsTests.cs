using OpAgent.Ui.Workspaces;

namespace OpAgent.Ui.Tests.Workspaces;

public sealed class SuggestionsTests
{
    [Fact]
    public void Headings_OfAPage_AreTheSecondLevelOnes() =>
        Assert.Equal(["Who is on call", "Severity levels"], Suggestions.Headings("# Incidents\n\n## Who is on call ##\n\ntext\n\n## `Severity` levels\n\n### Deeper\n"));

    [Fact]
    public void Headings_WithoutASecondLevel_AreTheFirstLevelOnes() => Assert.Equal(["Incidents"], Suggestions.Headings("# Incidents\n\ntext\n"));

    [Fact]
    public void Headings_InFences_AreNone() => Assert.Empty(Suggestions.Headings("```sh\n# a comment\n## another\n```\n"));

    [Fact]
    public void Headings_TooShortOrTooLong_AreLeftOut() => Assert.Empty(Suggestions.Headings($"## abc\n\n## {new string('x', 61)}\n"));
}
