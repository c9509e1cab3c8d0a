using OpAgent.Acp;
using OpAgent.Agents.Librarian.Answers;
using OpAgent.Agents.Librarian.Reports;
using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Prompts;
using OpAgent.Agents.Text.Sessions;

namespace OpAgent.Agents.Librarian;

/// <summary>Answers questions about one directory. All it remembers is what the last question was about.</summary>
internal sealed class LibrarianSession(FileTree tree, TimeProvider time) : IDirectorySession
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private Query? _previous;
    private int _calls;

    public async Task<string> PromptAsync(AgentPrompt prompt, Turn turn, CancellationToken cancellationToken)
    {
        var named = NamedFiles.Find(tree, prompt.Attachments);
        if (NamedFilesText.Trouble(named) is { } trouble) await turn.SayAsync(trouble, cancellationToken);
        if (ReportRequest.IsIn(prompt.Text)) await ReportAsync(named, turn, cancellationToken);
        else await AnswerAsync(prompt.Text, named, turn, cancellationToken);
        return StopReason.EndTurn;
    }

    private async Task AnswerAsync(string question, NamedFiles named, Turn turn, CancellationToken cancellationToken)
    {
        var query = Query.Parse(question);
        // "And where is that?" is about what the last question was about.
        if (query.IsEmpty && _previous is { } previous) query = previous;
        if (query.IsEmpty)
        {
            await turn.SayAsync(AnswerWriter.WhatToAsk, cancellationToken);
            return;
        }
        _previous = query;
        var result = await SearchAsync(query, named, turn, cancellationToken);
        if (named.HasAny && result.Hits.IsEmpty)
        {
            await turn.SayAsync("Nothing in what you attached fits; this is from the whole directory.\n\n", cancellationToken);
            result = await SearchAsync(query, new NamedFiles([], []), turn, cancellationToken);
        }
        foreach (var piece in AnswerWriter.Write(tree, query, result)) await turn.SayAsync(piece, cancellationToken);
    }

    private async Task<SearchResult> SearchAsync(Query query, NamedFiles named, Turn turn, CancellationToken cancellationToken)
    {
        var search = new KeywordSearch(query);
        var title = $"Search for {string.Join(", ", query.Shown.Select(term => term.Shown))}";
        var result = await RunAsync(title, () => search.Tally, () => search.Run(Walk, cancellationToken), Ended, turn, cancellationToken);
        return result;

        IEnumerable<TreeFile> Walk(WalkTally tally) => named.HasAny ? named.Walk(tree, tally, cancellationToken) : tree.Files(tally, cancellationToken);

        ToolCallUpdate Ended(SearchResult result, ToolCallUpdate update) => update with
        {
            Content = Turn.Text(AnswerWriter.Summary(result.Tally)),
            Locations = [.. result.Hits.Select(hit => new ToolCallLocation(tree.FullPath(hit.Path)) { Line = hit.Passage.FirstLine })],
        };
    }

    private async Task ReportAsync(NamedFiles named, Turn turn, CancellationToken cancellationToken)
    {
        var scan = new ReportScan(tree);
        var report = await RunAsync("Look through the directory", () => scan.Tally, () => scan.Run(IsReported, cancellationToken), Ended, turn, cancellationToken);
        foreach (var piece in ReportWriter.Write(report)) await turn.SayAsync(piece, cancellationToken);

        bool IsReported(string path) =>
            !named.HasAny || named.Files.Contains(path) || named.Directories.Any(directory => directory.Length == 0 || path.StartsWith(directory + "/", StringComparison.Ordinal));

        static ToolCallUpdate Ended(Report report, ToolCallUpdate update) => update with { Content = Turn.Text($"{AnswerWriter.Count(report.Tally.Files, "file")} read") };
    }

    /// <summary>Does work that reads many files and tells how far it is meanwhile.</summary>
    private async Task<T> RunAsync<T>(
        string title, Func<SearchTally> progress, Func<T> work, Func<T, ToolCallUpdate, ToolCallUpdate> ended, Turn turn, CancellationToken cancellationToken)
    {
        var id = $"search-{Interlocked.Increment(ref _calls)}";
        await turn.TellAsync(new ToolCall(id, title) { Kind = ToolKind.Search, Status = ToolCallStatus.InProgress }, cancellationToken);
        var running = Task.Run(work, cancellationToken);
        while (await Task.WhenAny(running, Task.Delay(ProgressInterval, time, cancellationToken)) != running)
        {
            var soFar = $"{AnswerWriter.Count(progress().Files, "file")} so far";
            await turn.TellAsync(new ToolCallUpdate(id) { Content = Turn.Text(soFar) }, cancellationToken);
        }
        var result = await running;
        await turn.TellAsync(ended(result, new ToolCallUpdate(id) { Status = ToolCallStatus.Completed }), cancellationToken);
        return result;
    }
}
