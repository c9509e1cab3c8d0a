using System.Globalization;
using System.Text;

namespace OpAgent.Core.Documents;

/// <summary>Writes a string as a YAML scalar on one line, with quotes only where another reader could take it for something else.</summary>
internal static class YamlScalar
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "true", "false", "yes", "no", "on", "off", "y", "n", "null" };

    /// <summary>The scalar for <paramref name="value"/>; <paramref name="flow"/> says that it stands in brackets, where a comma would end it.</summary>
    public static string Write(string value, bool flow = false) => IsPlain(value, flow) ? value : Quote(value);

    private static bool IsPlain(string value, bool flow)
    {
        if (value.Length == 0 || Words.Contains(value) || value[^1] is ' ' or ':') return false;
        if (!char.IsLetter(value[0]) && !value.StartsWith("./", StringComparison.Ordinal)) return false;

        for (var i = 0; i < value.Length; i++)
        {
            var plain = value[i] switch
            {
                ':' => value[i + 1] != ' ' && !flow,
                '#' => value[i - 1] != ' ',
                ',' => !flow,
                ' ' or '_' or '-' or '.' or '/' or '@' or '^' or '~' or '+' or '*' or '=' or '(' or ')' or '!' or '?' or '\'' or '<' or '>' or ';' => true,
                var c => char.IsLetterOrDigit(c) || char.IsSurrogate(c),
            };
            if (!plain) return false;
        }
        return true;
    }

    private static string Quote(string value)
    {
        var quoted = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (MustEscape(c)) quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    private static bool MustEscape(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';
}
