namespace OpAgent.Core.Documents;

/// <summary>Changes one top-level key of a YAML file by splicing at the parsed places, so that every other byte stays.</summary>
internal static class YamlEdit
{
    /// <summary>
    /// Sets <paramref name="key"/> to <paramref name="scalar"/> (already written as YAML), adds it behind the last key, or takes it out with null.
    /// The text must be one that <see cref="YamlText"/> reads.
    /// </summary>
    public static string Set(string text, string key, string? scalar)
    {
        var root = YamlText.Read(text).Root ?? throw new ArgumentException("The text is no YAML that can be read.", nameof(text));
        var entry = root.Find(key);
        if (scalar is null) return entry is null ? text : Remove(text, root, entry);
        return entry is null ? Add(text, root, $"{key}: {scalar}") : Replace(text, entry.Value, scalar);
    }

    private static string Replace(string text, DocumentNode value, string scalar)
    {
        var space = value.Start > 0 && text[value.Start - 1] == ':' ? " " : "";
        return Splice(text, value.Start, value.End, space + scalar);
    }

    private static string Add(string text, DocumentNode root, string line)
    {
        if (root.IsFlow) return Splice(text, root.Start + 1, root.Start + 1, root.Entries.Count == 0 ? line : line + ", ");

        var newLine = text.Contains("\r\n") ? "\r\n" : "\n";
        if (root.Entries.Count == 0) return EndLine(text, newLine) + line + newLine;

        var end = text.IndexOf('\n', root.End);
        var indent = text[LineStart(text, root.Entries[0].Start)..root.Entries[0].Start];
        return end < 0 ? text + newLine + indent + line : Splice(text, end + 1, end + 1, indent + line + newLine);
    }

    private static string Remove(string text, DocumentNode root, DocumentEntry entry)
    {
        if (!root.IsFlow)
        {
            var end = text.IndexOf('\n', entry.Value.End);
            return Splice(text, LineStart(text, entry.Start), end < 0 ? text.Length : end + 1, "");
        }

        var index = root.Entries.ToList().IndexOf(entry);
        if (index + 1 < root.Entries.Count) return Splice(text, entry.Start, root.Entries[index + 1].Start, "");
        return Splice(text, index > 0 ? root.Entries[index - 1].Value.End : entry.Start, entry.Value.End, "");
    }

    private static string EndLine(string text, string newLine) => text.Length == 0 || text.EndsWith('\n') ? text : text + newLine;

    private static int LineStart(string text, int offset) => offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;

    private static string Splice(string text, int start, int end, string inserted) => string.Concat(text.AsSpan(0, start), inserted, text.AsSpan(end));
}
