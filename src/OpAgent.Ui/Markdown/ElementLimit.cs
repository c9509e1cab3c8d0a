using AngleSharp.Dom;
using AngleSharp.Text;

namespace OpAgent.Ui.Markdown;

/// <summary>
/// Breaks a parser off that makes too many elements or nests them too deep. The parser tells of those that a tag asks for, not of those that it repeats by itself:
/// the tree is looked at now and then.
/// </summary>
internal sealed class ElementLimit(int most, int deepest)
{
    private const int BetweenLooks = 512;

    private int _count;
    private INode? _last;

    /// <exception cref="ElementLimitException">There are too many, or they are too deep.</exception>
    public void Count(IElement element, TextPosition position)
    {
        if (++_count > most) throw new ElementLimitException();
        if (_count % BetweenLooks == 0 && _last is not null) Look(_last);
        _last = element;
    }

    private void Look(INode node)
    {
        var depth = 0;
        while (node.Parent is { } parent)
        {
            if (++depth > deepest) throw new ElementLimitException();
            node = parent;
        }

        var count = 0;
        var open = new Stack<INode>([node]);
        while (open.TryPop(out var next))
        {
            if (++count > 2 * most) throw new ElementLimitException();
            foreach (var child in next.ChildNodes) open.Push(child);
        }
    }
}

/// <summary>A text has more elements than a page bears; what was parsed of it is of no use.</summary>
internal sealed class ElementLimitException : Exception;
