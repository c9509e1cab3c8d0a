using System.Text;
using OpAgent.Core.Bindings;
using OpAgent.Core.Problems;

namespace OpAgent.Fuzzing.Targets;

/// <summary>Binding files as they come with a repository, and the edits that OpAgent makes in them.</summary>
internal sealed class BindingFiles : IFuzzTarget
{
    public string Name => "binding-files";

    public IEnumerable<byte[]> Seeds =>
        new[]
        {
            """
            # what answers here
            agent: writer@^1            # id, id@range
            model: openai/gpt-5-mini
            mode: default
            calls: { review: proofreader }
            tools:
              allow: ["read", "search", "files/read*"]
              ask:   ["edit", "execute"]
              deny:
                - "delete"
                - '*/delete*'
            limits: { memory: 2GiB, processes: 64, turn: 30m, idle: 15m }
            budget: { tokensPerDay: 500000, costPerDay: 5.00 }
            sandbox: workspace
            inherit: false
            """,
            "agent: ./scripted\n",
            "agent: none\r\nmode: |\r\n  plan\r\n",
            "{agent: a, mode: \"x\\u0041\", limits: {turn: 1h}}",
            "mode: >-\n  a\n\n  b\n# end",
            "? agent\n: writer\n",
            "",
        }.Select(Encoding.UTF8.GetBytes);

    public IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. new[]
        {
            "agent: ", "model: ", "mode: ", "inherit: ", "limits:", "memory: ", "processes: ", "files: ", "turn: ", "idle: ", "output: ", "tools:", "sandbox: ", "network: ", "true", "false", "null", "~", "2GiB", "64", "30m", "1.5", "-1", "99999999999999999999", "a@1.0.0", "a/b", "./p",
            "\n", "\r\n", "  ", "\t", "# ", "- ", "? ", ": ", ":", ",", "[", "]", "{", "}", "'", "\"", "|", ">", "|-\n", "&a ", "*a", "!!str ", "---\n", "...\n", "%YAML 1.2\n", "<<: ", "\\u0041", "\\", "\uFEFF", "\u2028", "\u0085", "\0",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public int Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var result = BindingFile.Parse("docs", text);
        InvariantException.Require(result.Binding is null == result.Errors.Count > 0, "A binding file is both good and broken, or neither.");
        foreach (var error in result.Errors)
            InvariantException.Require(error.Line >= 1 && error.Line <= text.Count(c => c == '\n') + 1, $"The error is on a line that is not there: {error}");
        if (result.Binding is { } binding) _ = BindingResolver.Resolve([binding, binding]);
        CheckEdit(text, result.Binding, BindingKeys.Mode, "plan: all");
        CheckEdit(text, result.Binding, BindingKeys.Agent, null);
        return HashCode.Combine(Math.Min(result.Errors.Count, 4), result.Errors.Count > 0 ? result.Errors[0].Key : "", result.Errors.Count > 0 ? Words(result.Errors[0].Expected) : result.Binding!.UnknownKeys.Count);
    }

    private static void CheckEdit(string text, BindingFile? before, string key, string? value)
    {
        BindingFile? after;
        try
        {
            after = BindingFile.Parse("", WorkspaceYaml.Set(text, key, value)).Binding;
        }
        catch (ProblemException refused) when (refused.Problem == KnownProblems.BindingInvalid)
        {
            return;
        }

        InvariantException.Require(after is not null, "An edit broke the file.");
        InvariantException.Require((key == BindingKeys.Mode ? after!.Mode?.Value : after!.Agent?.Value.ToString()) == value, $"'{key}' was not set.");
        if (before is null) return;
        InvariantException.Require(
            (before.Model?.Value, before.Inherit?.Value) == (after.Model?.Value, after.Inherit?.Value)
            && (key == BindingKeys.Mode ? Equals(before.Agent?.Value, after.Agent?.Value) : before.Mode?.Value == after.Mode?.Value)
            && before.UnknownKeys.Select(unknown => unknown.Value).SequenceEqual(after.UnknownKeys.Select(unknown => unknown.Value)),
            $"Setting '{key}' changed another key.");
    }

    // The first words of a message say which of them it is.
    private static int Words(string message) => string.Join(' ', message.Split(' ').Take(5)).GetHashCode(StringComparison.Ordinal);
}
