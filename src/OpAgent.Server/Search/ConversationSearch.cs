using OpAgent.Core.Problems;
using OpAgent.Server.Workspaces;

namespace OpAgent.Server.Search;

/// <summary>Finds conversations by their words.</summary>
internal sealed class ConversationSearch(Indexer indexer, IndexDatabase index, WorkspaceCatalog catalog)
{
    private const int Most = 500;

    public async Task<IReadOnlyList<SearchResult>> FindAsync(string? text, CancellationToken cancellationToken)
    {
        var expression = SearchQuery.ToExpression(text)
            ?? throw KnownProblems.InvalidRequest.With("There is nothing to look for: send words as q.");
        await indexer.RefreshAsync(cancellationToken);
        var results = new List<SearchResult>();
        foreach (var hit in index.Search(expression, Most))
        {
            var workspace = await catalog.FindAsync(hit.Machine, hit.Workspace, cancellationToken);
            results.Add(new(hit.Conversation, hit.Turn, hit.Title, hit.By, hit.Snippet, workspace?.Id, hit.Path, DateTimeOffset.FromUnixTimeMilliseconds(hit.At)));
        }

        return results;
    }
}

/// <summary>A place in a conversation where all words were found.</summary>
/// <param name="Turn">Null where they were found in the title.</param>
/// <param name="By">Who said it.</param>
/// <param name="Snippet">The text around the words.</param>
/// <param name="Path">The conversation's directory, relative to the workspace.</param>
public sealed record SearchResult(
    string Conversation, string? Turn, string Title, string? By, string Snippet, string? Workspace, string Path, DateTimeOffset At);
