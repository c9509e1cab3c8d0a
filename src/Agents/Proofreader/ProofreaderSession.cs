using OpAgent.Acp;
using OpAgent.Agents.Proofreader.Checks;
using OpAgent.Agents.Proofreader.Requests;
using OpAgent.Agents.Proofreader.Spelling;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Links;
using OpAgent.Agents.Text.Markdown;
using OpAgent.Agents.Text.Prompts;
using OpAgent.Agents.Text.Sessions;

namespace OpAgent.Agents.Proofreader;

/// <summary>Reads the Markdown pages of one directory and fixes what it is allowed to.</summary>
internal sealed class ProofreaderSession(FileTree tree) : IDirectorySession
{
    private const long MaxFileBytes = 2 * 1024 * 1024;

    private readonly FixProposal _proposal = new(tree);
    private bool _saidThatSpellingIsMissing;

    public async Task<string> PromptAsync(AgentPrompt prompt, Turn turn, CancellationToken cancellationToken)
    {
        var walk = new WalkTally();
        var tally = new Tally();
        var assignment = Assignment.Of(prompt, tree, walk, cancellationToken);
        if (NamedFilesText.Trouble(assignment.Named) is { } trouble) await turn.SayAsync(trouble, cancellationToken);
        tally.Skipped.AddRange(assignment.NoMarkdown.Select(path => (path, "it is not Markdown")));

        var links = new LinkChecker(tree);
        await using var spelling = new SpellingCheck();
        foreach (var file in assignment.Pages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await ReadAsync(file, links, spelling, tally, cancellationToken) is not { } page) continue;
            if (page.Findings.IsEmpty) continue;
            await turn.SayAsync(ProofWriter.Findings(page), cancellationToken);
            if (page.Fixable == 0) continue;
            var outcome = await _proposal.OfferAsync(page, turn, cancellationToken);
            if (outcome is ProposalOutcome.Cancelled) return StopReason.Cancelled;
            if (outcome is ProposalOutcome.Fixed) tally.Fixed += page.Fixable;
        }
        await turn.SayAsync(ProofWriter.Summary(tally, walk) + SpellingNote(spelling, tally), cancellationToken);
        return StopReason.EndTurn;
    }

    private async Task<Page?> ReadAsync(TreeFile file, LinkChecker links, SpellingCheck spelling, Tally tally, CancellationToken cancellationToken)
    {
        var path = RealPath.Of(file.FullPath) ?? file.FullPath;
        var content = TextFile.Read(path, MaxFileBytes);
        if (Obstacle(content) is { } reason)
        {
            tally.Skipped.Add((file.Path, reason));
            return null;
        }
        var proof = Proof.Read(file.Path, content.Text, links);
        var misspelled = await spelling.FindAsync(MarkdownDocument.Parse(content.Text), cancellationToken);
        var page = new Page(file.Path, path, content, [.. proof.Findings.Concat(misspelled).OrderBy(finding => finding.Line)], proof.FixedText);
        tally.Files++;
        tally.Findings += page.Findings.Length;
        return page;
    }

    private static string? Obstacle(TextFile content) => content.State switch
    {
        TextFileState.Binary => "it is not text",
        TextFileState.TooLarge => $"it is larger than {MaxFileBytes / (1024 * 1024)} MB",
        TextFileState.Unreadable => "it could not be read",
        _ => content.IsUtf8 ? null : "it is not UTF-8, and writing it back could damage it",
    };

    private string SpellingNote(SpellingCheck spelling, Tally tally)
    {
        if (spelling.IsAvailable || _saidThatSpellingIsMissing || tally.Files == 0) return "";
        _saidThatSpellingIsMissing = true;
        return "_Spelling was not checked: install hunspell and a dictionary for it (Debian: hunspell, hunspell-en-us)._\n\n";
    }
}
