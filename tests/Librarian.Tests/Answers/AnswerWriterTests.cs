using OpAgent.Agents.Librarian.Answers;
using OpAgent.Agents.Librarian.Search;
using OpAgent.Agents.Text.Files;

namespace OpAgent.Agents.Librarian.Tests.Answers;

public sealed class AnswerWriterTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Write_Passage_IsQuotedAndCited()
    {
        _tree.Write("docs/a.md", "# Tea\n\n## Green\n\nSteep it\nfor two minutes.\n");
        Assert.Contains("[docs/a.md:5](docs/a.md#L5) · Tea › Green\n\n> Steep it\n> for two minutes.\n", Ask("steep"));
    }

    [Fact]
    public void Write_ManyLines_CitesTheOneThatFits()
    {
        _tree.Write("a.md", "Intro text.\n\n- one pear\n- two apples\n- three plums\n");
        Assert.StartsWith("[a.md:4](a.md#L4)", Body("apples"));
        _tree.Write("a.md", "| Fruit | Days |\n|---|---|\n| pear | 1 |\n| apple | 2 |\n");
        Assert.StartsWith("[a.md:4](a.md#L4)", Body("How many days does an apple keep?"));
    }

    [Fact]
    public void Write_LinksOfAPassage_StartFromTheDirectory()
    {
        _tree.Write("docs/a.md", "Tea: [pot](pot.md#lid), ![cup](../img/cup%201.png), [here](#x), [web](https://a.b), [out](../../z.md), [ref][r], [r].\n\n[r]: <pot.md>\n");
        Assert.Contains(
            "> Tea: [pot](docs/pot.md#lid), ![cup](img/cup%201.png), [here](docs/a.md#x), [web](https://a.b), [out](../../z.md), [ref](<docs/pot.md>), [r](<docs/pot.md>).", Ask("tea"));
    }

    [Fact]
    public void Write_LongCode_IsCutWithItsFences()
    {
        _tree.Write("a.md", $"Text.\n\n```cs\n{string.Concat(Enumerable.Range(0, 60).Select(i => $"line{i}();\n"))}brew();\nlast();\n```\n");
        var lines = Body("brew").Split('\n').Where(line => line.StartsWith('>')).ToArray();
        Assert.Equal(["> …", ">", "> ```cs"], lines[..3]);
        Assert.Contains("> brew();", lines);
        Assert.Equal("> ```", lines[^1]);
        Assert.True(lines.Length < 25);
    }

    [Fact]
    public void Write_OtherText_IsFenced()
    {
        _tree.Write("tea.cs", "// How tea is brewed: ```\nBrew();\n");
        Assert.Contains("> ````cs\n> // How tea is brewed: ```\n> Brew();\n> ````", Ask("brewed"));
    }

    [Fact]
    public void Write_LongLine_IsNotCutInsideALink()
    {
        _tree.Write("a.md", $"Tea {string.Concat(Enumerable.Repeat("word ", 137))}[a link that goes on and on](https://example.org) end.\n");
        var quote = Body("tea");
        Assert.EndsWith("word …", quote.Trim());
        Assert.DoesNotContain("[a link", quote);
    }

    [Fact]
    public void Write_Answer_SaysThatItIsAKeywordSearch()
    {
        _tree.Write("a.md", "Tea.\n");
        Assert.Contains("keyword search, without a language model", Ask("tea"));
        Assert.Contains("Nothing here fits.", Ask("kombucha"));
        Assert.Contains("keyword search, without a language model", Ask("kombucha"));
    }

    [Fact]
    public void Write_FileChangedSinceTheSearch_IsNotQuoted()
    {
        _tree.Write("a.md", "Tea.\n");
        var (tree, query, result) = Search("tea");
        _tree.Write("a.md", "# New\n\nCoffee.\n");
        Assert.DoesNotContain("[a.md", string.Concat(AnswerWriter.Write(tree, query, result)));
    }

    private string Body(string question) => Ask(question).Split("\n\n", 2)[1];

    private string Ask(string question)
    {
        var (tree, query, result) = Search(question);
        return string.Concat(AnswerWriter.Write(tree, query, result));
    }

    private (FileTree Tree, Query Query, SearchResult Result) Search(string question)
    {
        var tree = new FileTree(_tree.Root);
        var query = Query.Parse(question);
        return (tree, query, new KeywordSearch(query).Run(tally => tree.Files(tally, default), TestContext.Current.CancellationToken));
    }
}
