using CsCheck;

namespace OpAgent.Core.Tests.Bindings;

/// <summary>YAML, near-YAML and noise.</summary>
internal static class YamlGen
{
    private static readonly string[] Pieces =
    [
        "agent: writer", "model: a/b", "mode: x", "mode:", "mode: |\n  a", "mode: 'x'", "inherit: true", "inherit: false # why", "tools:\n  allow: [read]", "limits: {turn: 30m}", "limits:\n  memory: 2GiB", "sandbox: read-only", "network: off", "# note",
        "x: >-\n  a\n\n  b", "? k\n: v", "- a", "---", "...", "&a", "*a", "!!str x", "%YAML 1.2", "{", "}", "[", "]", ",", ":", ": ", "|", ">", "'", "\"", "\\", "\n", "\r\n", "\t", " ", "  ", "é", "😀", "\u2028",
        "\u0085", "\uFEFF", "\0", "\uD800", "a", "null", "~", "true", "1.0",
    ];

    public static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(Pieces).Array[0, 8].Select(lines => string.Join('\n', lines) + "\n"),
        Gen.OneOf(Pieces).Array[0, 10].Select(string.Concat),
        Gen.String[0, 20]);
}
