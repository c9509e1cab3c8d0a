using CsCheck;
using OpAgent.Core.Bindings;

namespace OpAgent.Core.Tests.Bindings;

/// <summary>Powers against a model that knows only the texts: every file's words for a power, and how strict each word is.</summary>
public class PowerTests
{
    // Each power's words from the strictest to the widest; words that mean the same stand together.
    private static readonly (string Key, string[][] Words)[] Powers =
    [
        ("sandbox", [["read-only"], ["workspace"]]),
        ("network", [["off", "false", "No", "'off'"], ["on", "true", "Yes"]]),
        ("limits.memory", [["1KB"], ["1KiB"], ["512MB"], ["1GiB", "1024MiB"], ["2GiB"]]),
        ("limits.processes", [["1"], ["7"], ["64"], ["'100'"]]),
        ("limits.openFiles", [["9"], ["10"], ["1024"]]),
        ("limits.turn", [["59s"], ["1m", "60s"], ["30m", "1800s"], ["1d", "24h"]]),
        ("limits.idle", [["1s"], ["15m"], ["2h"]]),
        ("limits.output", [["999B"], ["1KB"], ["8MB"], ["8MiB"]]),
    ];

    private static readonly Gen<Written> File = Gen.Select(Gen.Int[0, 1000].Array[Powers.Length].Select(Choose), Gen.Int[0, 3], Gen.Bool, Gen.Bool, Write);

    private static readonly Gen<Written[]> Files = File.Array[1, 5];

    [Fact]
    public void Resolve_AnyFiles_GivesTheStrictestOfEachPowerAndItsPlace() => Gen.Select(Files, Gen.Bool).Sample((files, hasPolicy) =>
    {
        var resolved = Describe(Resolve(files, hasPolicy));

        for (var i = 0; i < Powers.Length; i++) Assert.Equal(Model(files, i, hasPolicy), resolved[i]);
    });

    [Fact]
    public void Resolve_OneMoreFileBelow_WidensNothing() => Gen.Select(Files, Gen.Bool).Sample((files, hasPolicy) =>
    {
        var above = Describe(Resolve(files[..^1], hasPolicy && files.Length > 1));
        var below = Describe(Resolve(files, hasPolicy && files.Length > 1));

        for (var i = 0; i < Powers.Length; i++)
        {
            if (above[i] is not { } held) continue;
            Assert.True(below[i] is { } narrowed && RankOf(i, narrowed.Value) <= RankOf(i, held.Value), $"{Powers[i].Key}: {held} became {below[i]}");
        }
    });

    /// <summary>The first of the strictest words, in the order of the files.</summary>
    private static Sourced<string>? Model(Written[] files, int power, bool hasPolicy)
    {
        Sourced<string>? strictest = null;
        for (var level = 0; level < files.Length; level++)
        {
            if (files[level].Values[power] is not { Length: > 0 } word) continue;
            if (strictest is not null && RankOf(power, strictest.Value) <= RankOf(power, word)) continue;
            strictest = new Sourced<string>(word, NameOf(level, hasPolicy), files[level].Lines[power]);
        }

        return strictest is null ? null : strictest with { Value = Powers[power].Words[RankOf(power, strictest.Value)][0].Trim('\'') };
    }

    private static int RankOf(int power, string word) => Array.FindIndex(Powers[power].Words, words => words.Any(known => known.Trim('\'') == word.Trim('\'')));

    private static string NameOf(int level, bool hasPolicy) =>
        hasPolicy && level == 0 ? "/runtime/policy.yaml" : BindingFile.PathIn(DirectoryOf(level - (hasPolicy ? 1 : 0)));

    private static string DirectoryOf(int depth) => string.Join('/', Enumerable.Range(1, depth));

    private static ResolvedBinding Resolve(Written[] files, bool hasPolicy)
    {
        var policy = hasPolicy ? Parsed(BindingFile.ParsePolicy("/runtime/policy.yaml", files[0].Text)) : null;
        return BindingResolver.Resolve(files.Skip(hasPolicy ? 1 : 0).Select((file, depth) => Parsed(BindingFile.Parse(DirectoryOf(depth), file.Text))), policy);
    }

    private static BindingFile Parsed(BindingFileResult result)
    {
        Assert.Empty(result.Errors);
        return result.Binding!;
    }

    private static Sourced<string>?[] Describe(ResolvedBinding binding) =>
    [
        Text(binding.Sandbox, BindingText.Of), Text(binding.Network, BindingText.Of),
        Text(binding.Limits.Memory, BindingText.OfBytes), Text(binding.Limits.Processes, number => $"{number}"), Text(binding.Limits.OpenFiles, number => $"{number}"),
        Text(binding.Limits.Turn, BindingText.Of), Text(binding.Limits.Idle, BindingText.Of), Text(binding.Limits.Output, BindingText.OfBytes),
    ];

    private static Sourced<string>? Text<T>(Sourced<T>? value, Func<T, string> write) => value is null ? null : new(write(value.Value), value.File, value.Line);

    /// <summary>A word of each power, or none.</summary>
    private static string[] Choose(int[] numbers) => [.. numbers.Select((number, power) => Powers[power].Words.SelectMany(words => words).Prepend("").ToArray() is var words ? words[number % words.Length] : "")];

    private static Written Write(string[] values, int blankLines, bool inherit, bool flow)
    {
        List<string> lines = [.. Enumerable.Repeat("# nothing", blankLines), $"inherit: {(inherit ? "true" : "false")}"];
        var places = new int[values.Length];
        string[] limits = [];
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Length == 0) continue;
            var key = Powers[i].Key.Replace("limits.", "  ", StringComparison.Ordinal);
            if (key == Powers[i].Key || !flow)
            {
                if (key != Powers[i].Key && !lines.Contains("limits:")) lines.Add("limits:");
                lines.Add($"{key}: {values[i]}");
                places[i] = lines.Count;
                continue;
            }

            limits = [.. limits, $"{key.Trim()}: {values[i]}"];
            places[i] = -1;
        }

        if (limits.Length > 0) lines.Add($"limits: {{{string.Join(", ", limits)}}}");
        return new Written(string.Join('\n', lines) + "\n", values, [.. places.Select(line => line < 0 ? lines.Count : line)]);
    }

    /// <param name="Text">What stands in the file.</param>
    /// <param name="Values">Each power's word; empty where the file says nothing of it.</param>
    /// <param name="Lines">Where each stands.</param>
    private sealed record Written(string Text, string[] Values, int[] Lines);
}
