using CsCheck;
using OpAgent.Agents.Librarian.Search;

namespace OpAgent.Agents.Librarian.Tests.Search;

public sealed class RankingTests
{
    private static readonly Gen<Candidate> AnyCandidate =
        from first in Gen.Int[0, 4]
        from second in Gen.Int[0, 3]
        from words in Gen.Int[5, 300]
        select Make(words, first, second);

    [Fact]
    public void Best_RarerWord_CountsMore()
    {
        var ranking = new Ranking(2);
        for (var i = 0; i < 50; i++) ranking.Add(Make(100, 1, 0));
        var rare = Make(100, 0, 1);
        ranking.Add(rare);
        Assert.Same(rare, ranking.Best()[0]);
    }

    [Fact]
    public void Best_BothWords_BeatOneOftenSaid()
    {
        var ranking = new Ranking(2);
        for (var i = 0; i < 50; i++) ranking.Pass(100);
        var both = Make(100, 1, 1);
        ranking.Add(Make(100, 10, 0));
        ranking.Add(both);
        ranking.Add(Make(100, 0, 10));
        Assert.Same(both, ranking.Best()[0]);
    }

    [Fact]
    public void Best_WordsSideBySide_BeatThemApart()
    {
        var ranking = new Ranking(2);
        for (var i = 0; i < 50; i++) ranking.Pass(100);
        var together = Make(100, 1, 1) with { Pairs = 1 };
        ranking.Add(Make(100, 1, 1));
        ranking.Add(together);
        Assert.Same(together, ranking.Best()[0]);
    }

    [Fact]
    public void Coverage_WordThatStandsNowhere_CountsAsMissing()
    {
        var ranking = new Ranking(2);
        for (var i = 0; i < 50; i++) ranking.Pass(100);
        var half = Make(100, 1, 0);
        ranking.Add(half);
        Assert.InRange(ranking.Coverage(half), 0.4, 0.5);
    }

    /// <summary>Dropping passages on the way loses none of the best: what is known early is near enough to what is known at the end.</summary>
    [Fact]
    public void Best_MorePassagesThanAreKept_AreTheSameAsWithAll() => AnyCandidate.List[200, 400].Sample(candidates =>
    {
        var all = new Ranking(2, capacity: 10_000);
        var few = new Ranking(2, capacity: 50);
        foreach (var candidate in candidates)
        {
            all.Add(candidate with { });
            few.Add(candidate with { });
        }
        Assert.Equal(all.Best().Take(5).Select(candidate => candidate.Score), few.Best().Take(5).Select(candidate => candidate.Score));
    }, iter: 200);

    private static Candidate Make(int words, float first, float second) => new("a.md", new Passage(1, 1, 0..1, Section.None), words, [first, second], 0, 1, 0);
}
