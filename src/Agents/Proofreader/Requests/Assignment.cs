using System.Collections.Immutable;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Markdown;
using OpAgent.Agents.Text.Prompts;

namespace OpAgent.Agents.Proofreader.Requests;

/// <summary>Which pages a prompt asks to be read.</summary>
/// <param name="Named">What the prompt named.</param>
/// <param name="Pages">In the order in which they are read.</param>
/// <param name="NoMarkdown">Files that were named and are not Markdown.</param>
internal sealed record Assignment(NamedFiles Named, ImmutableArray<TreeFile> Pages, ImmutableArray<string> NoMarkdown)
{
    /// <summary>Finds the pages: those that are attached or named in the text, else all in the directory. It is never all only because what was named is not there.</summary>
    public static Assignment Of(AgentPrompt prompt, FileTree tree, WalkTally tally, CancellationToken cancellationToken)
    {
        var names = prompt.Attachments.Concat(NamedPaths.In(prompt.Text, tree)).Distinct().ToArray();
        if (names.Length == 0) return new Assignment(new NamedFiles([], []), [.. tree.Files(tally, cancellationToken).Where(IsPage)], []);

        var named = WithNamesBelow(NamedFiles.Find(tree, names), tree, tally, cancellationToken);
        var files = named.Walk(tree, tally, cancellationToken).ToArray();
        return new Assignment(named, [.. files.Where(IsPage)], [.. named.Files.Where(path => !MarkdownDocument.IsMarkdown(path))]);
    }

    /// <summary>"intro.md" is docs/intro.md where there is no other.</summary>
    private static NamedFiles WithNamesBelow(NamedFiles named, FileTree tree, WalkTally tally, CancellationToken cancellationToken)
    {
        if (named.Missing.IsEmpty) return named;
        var all = tree.Files(tally, cancellationToken).Select(file => file.Path).ToArray();
        var found = named.Missing.ToDictionary(name => name, name => all.Where(path => path.EndsWith("/" + name, StringComparison.Ordinal)).ToArray());
        return named with
        {
            Files = [.. named.Files, .. found.Values.SelectMany(paths => paths)],
            Missing = [.. named.Missing.Where(name => found[name].Length == 0)],
        };
    }

    private static bool IsPage(TreeFile file) => MarkdownDocument.IsMarkdown(file.Path);
}
