using OpAgent.Core.Text;

namespace OpAgent.Core.Documents;

internal enum NodeKind
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Map,
}

/// <summary>A value in a YAML or JSON file, with the place where it stands.</summary>
/// <param name="Kind">What kind of value it is.</param>
/// <param name="Text">The value of a scalar.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Start">Offset of its first character in the text.</param>
/// <param name="End">Offset behind its last character.</param>
internal sealed record DocumentNode(NodeKind Kind, string Text, int Line, int Start, int End)
{
    public IReadOnlyList<DocumentNode> Items { get; init; } = [];

    public IReadOnlyList<DocumentEntry> Entries { get; init; } = [];

    /// <summary>True for a YAML collection in brackets.</summary>
    public bool IsFlow { get; init; }

    public bool IsScalar => Kind is not (NodeKind.List or NodeKind.Map);

    public DocumentEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);

    /// <summary>What stands here in a few words, for an error message.</summary>
    public string Describe() => Kind switch
    {
        NodeKind.Null => "nothing",
        NodeKind.List => "a list",
        NodeKind.Map => "a group of keys",
        _ => $"'{TextForm.Shorten(TextForm.OneLine(Text), 60)}'",
    };
}

/// <summary>A key of a map and its value; <see cref="Start"/> is the offset of the key's first character in the text.</summary>
internal sealed record DocumentEntry(string Key, int Line, int Start, DocumentNode Value);

/// <summary>A file's root, or why it cannot be read.</summary>
internal sealed record DocumentResult(DocumentNode? Root, int Line, string Error)
{
    public static DocumentResult Failed(int line, string error) => new(null, line, error);
}
