using OpAgent.Agents.Proofreader.Checks;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Tests.Checks;

public sealed class ChecksTests
{
    [Theory]
    [InlineData("Most of the the office.", "1 doubled word “the the”")]
    [InlineData("The the office.", "1 doubled word “The the”")]
    [InlineData("over the\nthe dog", "2 doubled word “the the”")]
    [InlineData("over the the the dog", "1 doubled word “the the”; 1 doubled word “the the”")]
    [InlineData("> over the\n> the dog", "2 doubled word “the the”")]
    [InlineData("He had had that that.", "1 doubled word “had had”; 1 doubled word “that that”")]
    [InlineData("# A heading heading", "1 doubled word “heading heading”")]
    [InlineData("| the the |\n|---|", "1 doubled word “the the”")]
    [InlineData("(the the) *and and* “or or”, so.", "1 doubled word “the the”; 1 doubled word “and and”; 1 doubled word “or or”")]
    [InlineData("in In 2020", "")]
    [InlineData("the. The", "")]
    [InlineData("the, the", "")]
    [InlineData("step by by-pass and a.the the", "")]
    [InlineData("10 10, x x, NULL NULL, Foo1 Foo1", "")]
    [InlineData("`the the` and [the](the)", "")]
    [InlineData("the `the` the", "")]
    [InlineData("a poem  \na poem", "")]
    [InlineData("the\n\nthe", "")]
    [InlineData("**the** the", "")]
    public void DoubledWords_Text_AreFound(string source, string expected) => Assert.Equal(expected, Find(source, FindingKind.DoubledWord));

    [Theory]
    [InlineData("a \nb", "1 trailing spaces")]
    [InlineData("a  \nb", "")]
    [InlineData("a   \nb", "1 trailing spaces")]
    [InlineData("a\t\nb", "1 trailing spaces")]
    [InlineData("a  \n\nb", "1 trailing spaces")]
    [InlineData("# a  \nb", "1 trailing spaces")]
    [InlineData("a\n  \nb", "2 spaces on an empty line")]
    [InlineData("a\\ \nb", "")]
    [InlineData("> a \r\n> \r\n", "1 trailing spaces; 2 trailing spaces")]
    [InlineData("```\na \n```", "")]
    [InlineData("    a \n  \n    b", "")]
    [InlineData("---\na: b \n---\n", "")]
    [InlineData("<div> \na \n</div>", "")]
    [InlineData("| a | \n|---|", "")]
    [InlineData("a `b \nc` d", "")]
    public void Spaces_AtTheEnd_AreFound(string source, string expected) => Assert.Equal(expected, Find(source, FindingKind.TrailingSpace));

    [Theory]
    [InlineData("a  b   c", "1 double space; 1 double space")]
    [InlineData("a\nb  c", "2 double space")]
    [InlineData("-   a\n1.  b", "")]
    [InlineData("- a\n  b", "")]
    [InlineData("`a  b` [c](<d  e>) <f  g=\"h  i\">", "")]
    [InlineData("| a  | b |\n|----|---|", "")]
    [InlineData("[a]: b  \"c  d\"", "")]
    [InlineData("#  a", "")]
    public void Spaces_BetweenWords_AreFound(string source, string expected) => Assert.Equal(expected, Find(source, FindingKind.DoubleSpace));

    [Theory]
    [InlineData("a (b c", "(")]
    [InlineData("a bee) c", ")")]
    [InlineData("a [b} c", "} [")]
    [InlineData("(a [b] {c}) (d)", "")]
    [InlineData("1) one 2) two, a) three or iv) four", "")]
    [InlineData("fine :) and ;-( too", "")]
    [InlineData("in [0, 1) or (0, 1]", "")]
    [InlineData("`(` \\( [a](b(c)) $f(x$ <a b=\"(\">", "")]
    [InlineData("- [ ] task\n- [x] task", "")]
    [InlineData("see [the list][1] and [^2]\n\n[1]: a", "")]
    public void Brackets_Text_MissTheirPartner(string source, string expected) =>
        Assert.Equal(expected, string.Join(' ', Texts(source, FindingKind.Bracket).Select(text => text["unbalanced bracket `".Length])));

    [Theory]
    [InlineData("a \"b c", true)]
    [InlineData("say \"a\" and b\"", true)]
    [InlineData("a “b c", true)]
    [InlineData("a b” “c”", true)]
    [InlineData("«a b", true)]
    [InlineData("„a b", true)]
    [InlineData("a \"b\" c", false)]
    [InlineData("a 24\" screen", false)]
    [InlineData("“a “b” c”", false)]
    [InlineData("„so“ und „so”", false)]
    [InlineData("”så” och »so«", false)]
    [InlineData("don't, '90s, rock 'n' roll", false)]
    [InlineData("`\"` and \\\"", false)]
    [InlineData("\"First paragraph.\n\n\"Second one.\"", false)]
    [InlineData("“First paragraph.\n\n“Second one.”", false)]
    public void Quotes_Text_MissTheirPartner(string source, bool expected) => Assert.Equal(expected ? 1 : 0, Texts(source, FindingKind.Quote).Count());

    [Theory]
    [InlineData(20, "and", 19, 0)]
    [InlineData(20, "and", 20, 1)]
    [InlineData(20, "`and`", 20, 0)]
    [InlineData(20, "[and](b.md)", 20, 1)]
    [InlineData(30, "end. Then", 30, 0)]
    [InlineData(30, "\n- and", 30, 0)]
    [InlineData(30, "and  \nthen", 30, 0)]
    public void Sentences_MoreThanFortyWords_AreTooLong(int before, string middle, int after, int expected)
    {
        var findings = Findings($"Short.\n\n{Words(before)} {middle} {Words(after)}.", FindingKind.LongSentence).ToArray();
        Assert.Equal(expected, findings.Length);
        Assert.All(findings, finding => Assert.StartsWith("very long sentence, 41 words: “", finding.Text));
        Assert.All(findings, finding => Assert.Equal(3, finding.Line));

        static string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => $"word{(char)('a' + i)}"));
    }

    [Theory]
    [InlineData("One. Two! Three? “Four.” (Five.) Six", "One.| Two!| Three?| “Four.”| (Five.)| Six")]
    [InlineData("See e.g. Foo, i.e. bar, Dr. No and J. Smith. End", "See e.g. Foo, i.e. bar, Dr. No and J. Smith.| End")]
    [InlineData("Version 1.2 of a.b... goes on. `A.` B.", "Version 1.2 of a.b... goes on.| `A.` B.")]
    [InlineData("これは。あれは。", "これは。|あれは。")]
    public void Sentences_Text_AreSplit(string source, string expected)
    {
        var prose = Prose.Of(MarkdownDocument.Parse(source)).Single();
        Assert.Equal(expected, string.Join('|', Sentences.Of(prose).Select(sentence => prose.Text[sentence.Start..sentence.End])));
    }

    [Theory]
    [InlineData("# A\n### B", "2 heading level skips from 1 to 3: “B”")]
    [InlineData("## A\n# B\n## C\n### D\n## E", "")]
    [InlineData("### A\n### B", "")]
    [InlineData("# A\n```\n### B\n```", "")]
    public void HeadingLevels_Skipped_AreFound(string source, string expected) => Assert.Equal(expected, Find(source, FindingKind.HeadingLevel));

    [Theory]
    [InlineData("At the end of the day, stop. Close it at the end of the day.", "1 repeated phrase “at the end of the day”, already earlier in the line")]
    [InlineData("At the end of the day,\nstop. Close it at the end of the day.", "2 repeated phrase “at the end of the day”, already on line 1")]
    [InlineData("one of the of the many", "1 repeated phrase “of the of the”")]
    [InlineData("A whole sentence of more than eight words here.\n\nA whole sentence of more than eight words here.", "3 repeated sentence, already on line 1: “A whole sentence of more than …”")]
    [InlineData("A whole sentence of more than eight words here.\n\n# Next\n\nA whole sentence of more than eight words here.", "")]
    [InlineData("- a sentence of more than eight words here now\n- a sentence of more than eight words here now", "")]
    [InlineData("at the end of the day\n\nat the end of the day", "")]
    [InlineData("0 0 0 0 and ha ha ha ha", "")]
    [InlineData("the `a` b the `a` b the `a` b", "")]
    public void RepeatedPhrases_Text_AreFound(string source, string expected) => Assert.Equal(expected, Find(source, FindingKind.RepeatedPhrase));

    private static string Find(string source, FindingKind kind) => string.Join("; ", Findings(source, kind).Select(finding => $"{finding.Line} {finding.Text}"));

    private static IEnumerable<string> Texts(string source, FindingKind kind) => Findings(source, kind).Select(finding => finding.Text);

    private static IEnumerable<Finding> Findings(string source, FindingKind kind) => Proof.Find(MarkdownDocument.Parse(source)).Where(finding => finding.Kind == kind);
}
