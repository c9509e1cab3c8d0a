using System.Collections.Immutable;
using OpAgent.Agents.Librarian.Words;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Markdown;

namespace OpAgent.Agents.Librarian.Search;

/// <summary>Searches files for the passages that a query is about: one file in memory at a time, and of the passages only those that may be among the best.</summary>
internal sealed class KeywordSearch(Query query)
{
    /// <summary>Larger files are data rather than something that answers questions.</summary>
    public const long MaxFileBytes = 2 * 1024 * 1024;

    private const int MaxHits = 5;
    private const int MaxHitsPerFile = 4;

    // Below this part of the best score a passage only takes attention from the better ones.
    private const double LeastScore = 0.4;

    // A passage that holds less of the question than this does not answer it.
    private const double LeastCoverage = 0.35;

    private const float HeadingWeight = 2.5f;
    private const float AboveWeight = 1.5f;
    private const float FileNameWeight = 1.2f;

    // An example repeats its names; the sentence beside it says what they are for.
    private const float CodeWeight = 0.4f;

    // A page says at its beginning what it is about.
    private const float LeadPrior = 1.15f;

    private readonly TermCounter _counter = new(query);
    private readonly Ranking _ranking = new(query.Terms.Length);
    private readonly WalkTally _tally = new();
    private int _files;

    /// <summary>What was looked at so far; may be asked for while the search runs.</summary>
    public SearchTally Tally => new()
    {
        Files = _files,
        Passages = _ranking.Passages,
        Matches = _ranking.Matches,
        Unreadable = _tally.Unreadable,
        TooLarge = _tally.TooLarge,
    };

    /// <summary>Searches the files that a walk finds; the walk counts into the tally it is given.</summary>
    public SearchResult Run(Func<WalkTally, IEnumerable<TreeFile>> walk, CancellationToken cancellationToken)
    {
        foreach (var file in walk(_tally))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Search(file, cancellationToken);
        }
        return Result();
    }

    private void Search(TreeFile file, CancellationToken cancellationToken)
    {
        if (file.Size == 0) return;
        var content = TextFile.Read(file.FullPath, MaxFileBytes);
        if (content.State is TextFileState.TooLarge) _tally.TooLarge++;
        if (content.State is TextFileState.Unreadable) _tally.Unreadable++;
        if (content.State is not TextFileState.Read) return;
        _files++;
        var isMarkdown = MarkdownDocument.IsMarkdown(file.Path);
        var prior = FilePrior.Of(file.Path);
        var isLead = isMarkdown;
        foreach (var passage in PassageSplitter.Split(file.Path, content.Text))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = content.Text.AsSpan(passage.Text);
            _counter.Reset();
            var words = isMarkdown ? CountMarkdown(content.Text, passage) : _counter.Add(text, 1);
            _counter.BeginText();
            _counter.Add(passage.Section.Above, AboveWeight);
            _counter.Add(passage.Section.Heading, HeadingWeight);
            _counter.BeginText();
            _counter.Add(Path.GetFileNameWithoutExtension(file.Path), FileNameWeight);
            if (_counter.Found == 0) _ranking.Pass(words);
            else _ranking.Add(new Candidate(file.Path, passage, words, _counter.Counts.ToArray(), _counter.Pairs, isLead ? prior * LeadPrior : prior, string.GetHashCode(text)));
            isLead = false;
        }
    }

    private int CountMarkdown(string source, Passage passage)
    {
        var words = 0;
        var at = passage.Text.Start;
        foreach (var code in passage.Code)
        {
            words += _counter.AddProse(source.AsSpan(at..code.Start));
            words += _counter.Add(source.AsSpan(code), CodeWeight);
            at = code.End;
        }
        return words + _counter.AddProse(source.AsSpan(at..passage.Text.End));
    }

    private SearchResult Result()
    {
        var missing = query.Terms.Where((term, i) => _ranking.PassagesWith[i] == 0 && term.Kind is not TokenKind.Compound).ToImmutableArray();
        var best = _ranking.Best();
        var hits = ImmutableArray.CreateBuilder<Hit>(MaxHits);
        var seen = new HashSet<int>();
        var perFile = new Dictionary<string, int>();
        foreach (var candidate in best)
        {
            if (hits.Count == MaxHits || candidate.Score < best[0].Score * LeastScore) break;
            if (_ranking.Coverage(candidate) < LeastCoverage || !seen.Add(candidate.TextHash)) continue;
            var count = perFile.GetValueOrDefault(candidate.Path);
            if (count == MaxHitsPerFile) continue;
            perFile[candidate.Path] = count + 1;
            hits.Add(ToHit(candidate));
        }
        var nearest = hits.Count == 0 && best.Length > 0 ? ToHit(best[0]) : null;
        return new SearchResult(Tally, hits.DrainToImmutable(), nearest, missing, new TermWeights(query, _ranking.Weights()));
    }

    private Hit ToHit(Candidate candidate) => new(candidate.Path, candidate.Passage, candidate.Score, _ranking.Coverage(candidate));
}
