using AngleSharp.Dom;
using AngleSharp.Text;

namespace OpAgent.Ui.Markdown;

/// <summary>Breaks a parser off that makes too many elements or nests them too deep. Depth is looked at now and then: between two looks it grows by a few at most.</summary>
internal sealed class ElementLimit(int most, int deepest)
{
    private const int BetweenLooks = 64;

    private int _count;
    private IElement? _last;

    /// <exception cref="ElementLimitException">This is one too many.</exception>
    public void Count(IElement element, TextPosition position)
    {
        if (++_count > most) throw new ElementLimitException();
        if (_count % BetweenLooks == 0 && _last is not null && IsTooDeep(_last)) throw new ElementLimitException();
        _last = element;
    }

    private bool IsTooDeep(INode node)
    {
        var depth = 0;
        for (var parent = node.Parent; parent is not null; parent = parent.Parent)
        {
            if (++depth > deepest) return true;
        }

        return false;
    }
}

/// <summary>A text has more elements than a page bears; what was parsed of it is of no use.</summary>
internal sealed class ElementLimitException : Exception;
