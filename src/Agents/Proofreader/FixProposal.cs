using OpAgent.Acp;
using OpAgent.Agents.Proofreader.Writing;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Sessions;

namespace OpAgent.Agents.Proofreader;

/// <summary>What became of an offer to fix a page.</summary>
internal enum ProposalOutcome
{
    Fixed,

    /// <summary>It was not allowed, or could not be written.</summary>
    Left,

    /// <summary>The turn was cancelled instead of an answer.</summary>
    Cancelled,
}

/// <summary>Shows the fixes of a page, asks for permission and writes what was allowed. Lives as long as its session: "always" holds for all of it.</summary>
internal sealed class FixProposal(FileTree tree)
{
    private const string Once = "once";
    private const string Always = "always";

    private static readonly PermissionOption[] Options =
    [
        new(Once, "Fix this file", PermissionOptionKind.AllowOnce),
        new(Always, "Fix every file of this session", PermissionOptionKind.AllowAlways),
        new("reject", "Leave it as it is", PermissionOptionKind.RejectOnce),
    ];

    private bool _isAlwaysAllowed;
    private int _calls;

    public async Task<ProposalOutcome> OfferAsync(Page page, Turn turn, CancellationToken cancellationToken)
    {
        var id = $"fix-{Interlocked.Increment(ref _calls)}";
        var path = tree.FullPath(page.Path);
        ToolCallContent[] diff = [new ToolCallDiff(path, page.FixedText) { OldText = page.Content.Text }];
        ToolCallLocation[] locations = [new ToolCallLocation(path) { Line = page.Findings.First(finding => finding.IsFixable).Line }];
        var title = ProofWriter.Title(page);
        await turn.TellAsync(new ToolCall(id, title) { Kind = ToolKind.Edit, Status = ToolCallStatus.Pending, Content = diff, Locations = locations }, cancellationToken);
        if (!_isAlwaysAllowed)
        {
            var question = new ToolCallUpdate(id) { Title = title, Kind = ToolKind.Edit, Status = ToolCallStatus.Pending, Content = diff, Locations = locations };
            var answer = await turn.AskAsync(question, Options, cancellationToken);
            if (answer is null) return ProposalOutcome.Cancelled;
            if (answer is not (Once or Always)) return await FailAsync("Nothing was written: the fixes were not allowed.");
            _isAlwaysAllowed = answer is Always;
        }
        // A cancelled turn writes nothing more.
        cancellationToken.ThrowIfCancellationRequested();
        var result = FileReplacement.Replace(page.FullPath, page.Content.Bytes, page.FixedBytes());
        switch (result.State)
        {
            case ReplaceState.Written:
                await turn.TellAsync(new ToolCallUpdate(id) { Status = ToolCallStatus.Completed, Content = diff }, cancellationToken);
                return ProposalOutcome.Fixed;
            case ReplaceState.Changed:
                return await FailAsync("Nothing was written: the file was changed since I read it. Ask me again to check what it holds now.");
            default:
                return await FailAsync($"Nothing was written: {result.Error}");
        }

        async Task<ProposalOutcome> FailAsync(string text)
        {
            await turn.TellAsync(new ToolCallUpdate(id) { Status = ToolCallStatus.Failed, Content = [.. Turn.Text(text), .. diff] }, cancellationToken);
            return ProposalOutcome.Left;
        }
    }
}
