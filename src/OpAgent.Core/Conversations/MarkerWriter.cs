using System.Globalization;
using System.Text;

namespace OpAgent.Core.Conversations;

/// <summary>
/// Writes a marker line. Its JSON keeps every script readable, but never holds <c>&lt;</c> or <c>&gt;</c>, so that the comment ends where it should;
/// System.Text.Json's encoders would turn emoji into escapes.
/// </summary>
internal sealed class MarkerWriter
{
    private readonly StringBuilder _line = new();
    private bool _hasProperty;

    public MarkerWriter(string word) => _line.Append("<!-- ").Append(word).Append(" {");

    public MarkerWriter Add(string name, string? value)
    {
        if (value is not null) AppendString(Name(name), value);
        return this;
    }

    public MarkerWriter Add(string name, long? value)
    {
        if (value is { } number) Name(name).Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    public MarkerWriter Add(string name, decimal? value)
    {
        if (value is { } number) Name(name).Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    public MarkerWriter Add(string name, ValueList<string> values)
    {
        if (values.Count == 0) return this;

        Name(name).Append('[');
        for (var i = 0; i < values.Count; i++) AppendString(i == 0 ? _line : _line.Append(','), values[i]);
        _line.Append(']');
        return this;
    }

    public override string ToString() => $"{_line}}} -->";

    private StringBuilder Name(string name)
    {
        if (_hasProperty) _line.Append(',');
        _hasProperty = true;
        return _line.Append('"').Append(name).Append("\":");
    }

    private static void AppendString(StringBuilder json, string value)
    {
        json.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') json.Append('\\').Append(c);
            else if (c == '\n') json.Append("\\n");
            else if (c is '<' or '>' or '\u2028' or '\u2029' or '\uFEFF' || char.IsControl(c)) json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else json.Append(c);
        }
        json.Append('"');
    }
}
