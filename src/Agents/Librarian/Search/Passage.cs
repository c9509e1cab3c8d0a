using OpAgent.Core;

namespace OpAgent.Agents.Librarian.Search;

/// <summary>Where in a page a passage stands: the headings above it.</summary>
/// <param name="Heading">The nearest heading, empty before the first one.</param>
/// <param name="Above">The headings around that one, outermost first.</param>
internal sealed record Section(string Heading, string Above)
{
    private const string Separator = " › ";

    public static readonly Section None = new("", "");

    public static Section Of(IEnumerable<string> headings)
    {
        var all = headings.Where(heading => heading.Length > 0).ToArray();
        return all.Length == 0 ? None : new Section(all[^1], string.Join(Separator, all[..^1]));
    }

    /// <summary>Empty where there is no heading.</summary>
    public override string ToString() => Above.Length == 0 ? Heading : Above + Separator + Heading;
}

/// <summary>A piece of a file that can answer a question by itself.</summary>
/// <param name="FirstLine">1-based.</param>
/// <param name="LastLine">1-based, inclusive.</param>
/// <param name="Text">Where it stands in the file's text.</param>
internal sealed record Passage(int FirstLine, int LastLine, Range Text, Section Section)
{
    /// <summary>Where code stands in the file's text; none in files that are code as a whole.</summary>
    public ValueList<Range> Code { get; init; } = [];
}
