using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Text.Files;

namespace OpAgent.Agents.Librarian.Tests.Search;

public sealed class KeywordSearchTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public KeywordSearchTests()
    {
        _tree.Write("coffee.md", "# Coffee machine\n\nFill the tank before seven.\n\n## Descaling\n\nDescale the machine every month with citric acid.\n");
        _tree.Write("parking.md", "# Parking\n\nVisitors park behind the machine hall. [Descaling](coffee.md)\n");
        _tree.Write("src/Machine.cs", "// The machine makes coffee.\nclass CoffeeMachine;\n");
        _tree.Write("data.json", """{"coffee":"machine","descale":true}""");
        _tree.Write("katze.md", "黒猫が窓辺で眠る。\n\nDie Straße ist naß.\n");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("How do I descale the coffee machine?", "coffee.md", 7)]
    [InlineData("When is the tank filled?", "coffee.md", 3)]
    [InlineData("Where do visitors park?", "parking.md", 3)]
    [InlineData("CoffeeMachine", "src/Machine.cs", 1)]
    [InlineData("黒猫", "katze.md", 1)]
    [InlineData("strasse", "katze.md", 1)]
    public void Run_Question_FindsThePassage(string question, string path, int line)
    {
        var best = Run(question).Hits[0];
        Assert.Equal((path, line), (best.Path, best.Passage.FirstLine));
    }

    [Fact]
    public void Run_WordsThatStandNowhere_AreNamed()
    {
        var result = Run("Does the coffee machine make kombucha?");
        Assert.Equal(["kombucha"], result.Missing.Select(term => term.Shown));
        Assert.NotEmpty(result.Hits);
    }

    [Fact]
    public void Run_NameThatStandsNowhere_CountsByItsWords()
    {
        var result = Run("coffeeTank");
        Assert.Empty(result.Missing);
        Assert.Equal("coffee.md", result.Hits[0].Path);
    }

    [Fact]
    public void Run_OneOfManyWords_DoesNotFit()
    {
        var result = Run("Which kombucha tank brews oolong?");
        Assert.Empty(result.Hits);
        Assert.Equal("coffee.md", result.Nearest!.Path);
    }

    [Fact]
    public void Run_NothingFound_HasNoNearest() => Assert.Null(Run("kombucha").Nearest);

    [Fact]
    public void Run_CopiesOfAPassage_AreShownOnce()
    {
        _tree.Write("copy/coffee.md", _tree.Read("coffee.md"));
        Assert.Single(Run("descale citric acid").Hits, hit => hit.Passage.FirstLine == 7);
    }

    [Fact]
    public void Run_FilesThatAreNotSearched_AreCounted()
    {
        _tree.Write("large.txt", new string('x', (int)KeywordSearch.MaxFileBytes + 1));
        File.WriteAllBytes(_tree.FullPath("picture.png"), [0x89, (byte)'P', (byte)'N', (byte)'G', 0, 0]);
        var tally = Run("coffee").Tally;
        Assert.Equal(5, tally.Files);
        Assert.Equal(1, tally.TooLarge);
        Assert.Equal(0, tally.Unreadable);
    }

    [Fact]
    public void Run_Cancelled_Throws() =>
        Assert.Throws<OperationCanceledException>(() => new KeywordSearch(Query.Parse("coffee")).Run(tally => new FileTree(_tree.Root).Files(tally, default), new CancellationToken(true)));

    private SearchResult Run(string question)
    {
        var tree = new FileTree(_tree.Root);
        return new KeywordSearch(Query.Parse(question)).Run(tally => tree.Files(tally, default), TestContext.Current.CancellationToken);
    }
}
