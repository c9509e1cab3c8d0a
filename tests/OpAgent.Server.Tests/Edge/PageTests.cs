using CsCheck;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Tests.Edge;

public sealed class PageTests
{
    [Fact]
    public void Pages_ReadOneAfterTheOther_HoldEveryItemOnceInOrder() => Gen.Select(Gen.Int[0, 500].HashSet[0, 60], Gen.Int[1, 20]).Sample((items, limit) =>
    {
        var read = new List<int>();
        string? cursor = null;
        do
        {
            var page = new PageQuery(limit, cursor).Of(items, item => item.ToString("D3"));
            Assert.True(page.Items.Count <= limit);
            read.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(items.Order(), read);
    });

    [Fact]
    public void Of_AnItemThatCameMeanwhile_DisturbsNothing()
    {
        var first = new PageQuery(2, null).Of([1, 3, 5, 7], item => $"{item}");

        var second = new PageQuery(2, first.Next).Of([1, 2, 3, 5, 7], item => $"{item}");

        Assert.Equal([5, 7], second.Items);
        Assert.Null(second.Next);
    }
}
