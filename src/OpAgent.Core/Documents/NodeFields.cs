using System.Globalization;

namespace OpAgent.Core.Documents;

/// <summary>Takes typed values out of a map and collects what does not fit as errors with file, line and key.</summary>
internal sealed class NodeFields(DocumentNode map, string file, List<FormatError> errors, string prefix = "")
{
    public DocumentNode Map { get; } = map;

    public void Refuse(int line, string key, string expected) => errors.Add(new FormatError(file, line, prefix + key, expected));

    /// <summary>Notes that something else stands at a key than was expected.</summary>
    public void Refuse(DocumentEntry entry, string expected) => Refuse(entry.Line, entry.Key, $"expected {expected}, found {entry.Value.Describe()}");

    /// <summary>The entry of a key that is there and not null.</summary>
    public DocumentEntry? Find(string key) => Map.Find(key) is { Value.Kind: not NodeKind.Null } entry ? entry : null;

    public string? Text(string key, string expected)
    {
        if (Find(key) is not { } entry) return null;
        if (entry.Value.Kind == NodeKind.Text && entry.Value.Text.Length > 0) return entry.Value.Text;
        Refuse(entry, expected);
        return null;
    }

    public string RequiredText(string key, string expected)
    {
        if (Find(key) is null) Refuse(Map.Line, key, $"expected {expected}, found nothing");
        return Text(key, expected) ?? "";
    }

    public bool? Boolean(string key)
    {
        if (Find(key) is not { } entry) return null;
        if (entry.Value.Kind == NodeKind.Boolean) return entry.Value.Text is "true" or "True" or "TRUE";
        Refuse(entry, "true or false");
        return null;
    }

    public int? Count(string key)
    {
        if (Find(key) is not { } entry) return null;
        if (entry.Value.IsScalar && int.TryParse(entry.Value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0) return count;
        Refuse(entry, "a whole number above 0");
        return null;
    }

    /// <summary>A scalar that <paramref name="parse"/> understands.</summary>
    public T? Parsed<T>(string key, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (Find(key) is not { } entry) return null;
        if (entry.Value.IsScalar && parse(entry.Value.Text) is { } value) return value;
        Refuse(entry, expected);
        return null;
    }

    public ValueList<string> Texts(string key)
    {
        if (Find(key) is not { } entry) return [];
        if (entry.Value.Kind == NodeKind.List && entry.Value.Items.All(item => item.Kind == NodeKind.Text))
            return entry.Value.Items.Select(item => item.Text).ToValueList();
        Refuse(entry, "a list of texts");
        return [];
    }

    /// <summary>The fields of a nested map, or null where the key is missing or holds something else.</summary>
    public NodeFields? Group(string key, string expected)
    {
        if (Find(key) is not { } entry) return null;
        if (entry.Value.Kind == NodeKind.Map) return new NodeFields(entry.Value, file, errors, $"{prefix}{key}.");
        Refuse(entry, expected);
        return null;
    }
}
