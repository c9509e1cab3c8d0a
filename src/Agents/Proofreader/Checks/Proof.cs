using System.Collections.Immutable;
using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Proofreader.Checks;

/// <summary>A page as it was read: everything that was found in it, and the text with what can be fixed put right.</summary>
/// <param name="Findings">In the order of lines.</param>
/// <param name="FixedText">Equal to the source where nothing can be fixed.</param>
internal sealed record Proof(ImmutableArray<Finding> Findings, string FixedText)
{
    /// <param name="path">Relative to the directory that <paramref name="links"/> knows.</param>
    public static Proof Read(string path, string source, LinkChecker links)
    {
        var document = MarkdownDocument.Parse(source);
        var findings = Find(document).Concat(BrokenLinks(path, document, links)).OrderBy(finding => finding.Line).ToImmutableArray();
        var text = Fixes.Apply(document);
        // Nothing of what would be fixed is promised where it cannot be done without changing more than words and spaces.
        return text is null ? new Proof([.. findings.Select(finding => finding with { Deletions = [] })], source) : new Proof(findings, text);
    }

    /// <summary>What a page's text alone shows.</summary>
    public static IEnumerable<Finding> Find(MarkdownDocument document)
    {
        foreach (var finding in Spaces.Trailing(document).Concat(HeadingLevels.In(document))) yield return finding;
        var repeated = new RepeatedPhrases();
        var all = Prose.Of(document).ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            var prose = all[i];
            var isTable = prose.Block.Kind is BlockKind.Table;
            foreach (var finding in DoubledWords.In(prose).Concat(Spaces.Double(prose)).Concat(Sentences.TooLong(prose)).Concat(repeated.In(prose))) yield return finding;
            if (isTable) continue;
            foreach (var finding in Brackets.In(prose).Concat(Quotes.In(prose, i + 1 < all.Length ? all[i + 1] : null))) yield return finding;
        }
    }

    private static IEnumerable<Finding> BrokenLinks(string path, MarkdownDocument document, LinkChecker links) => links.Check(path, document)
        .Where(link => link.IsBroken)
        .Select(link => new Finding(FindingKind.BrokenLink, link.Link.Line, $"broken {(link.Link.IsImage ? "image" : "link")} {InlineCode.Of(link.Link.Target)}: {link.Reason}"));
}
