using System.Globalization;

namespace OpAgent.Fuzzing;

/// <summary>What the command line asks for.</summary>
/// <param name="Targets">The targets' names; empty for all.</param>
/// <param name="Time">How long each target runs.</param>
/// <param name="Seed">The same seed makes the same inputs.</param>
/// <param name="Crashes">The directory in which input with a finding is kept.</param>
internal sealed record FuzzOptions(IReadOnlyList<string> Targets, TimeSpan Time, int Seed, string Crashes)
{
    public const string Usage = "usage: OpAgent.Fuzzing [acp-lines|conversation-files|binding-files|workspace-paths …] [--minutes N] [--seed N] [--crashes DIRECTORY]";

    /// <summary>Null where the arguments make no sense.</summary>
    public static FuzzOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new FuzzOptions([], TimeSpan.FromMinutes(1), Random.Shared.Next(), Path.Combine(Path.GetTempPath(), "opagent-fuzzing"));
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and < 100_000:
                    options = options with { Time = TimeSpan.FromMinutes(minutes) };
                    i++;
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    options = options with { Seed = seed };
                    i++;
                    break;
                case "--crashes" when value.Length > 0:
                    options = options with { Crashes = value };
                    i++;
                    break;
                case var name when !name.StartsWith('-'):
                    options = options with { Targets = [.. options.Targets, name] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
