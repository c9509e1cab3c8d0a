using System.Globalization;
using System.Security.Cryptography;

namespace OpAgent.Fuzzing;

/// <summary>Input with which something went wrong, one file for each kind of failure.</summary>
internal sealed class Findings(string directory)
{
    private readonly HashSet<string> _kinds = [];

    public int Count => _kinds.Count;

    /// <summary>Keeps the input, unless one that failed in the same way is kept already.</summary>
    public void Add(IFuzzTarget target, byte[] input, Exception error)
    {
        // The first frame of the stack says where; the message may hold the input.
        var place = error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("OpAgent.", StringComparison.Ordinal) && !line.Contains(nameof(InvariantException), StringComparison.Ordinal))?.Trim() ?? "";
        if (!_kinds.Add($"{target.Name} {error.GetType().Name} {place}")) return;
        var path = Save(target, input);
        File.WriteAllText($"{path}.txt", error.ToString());
        Console.WriteLine($"{target.Name}: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")[..Math.Min(300, error.Message.Length)]}");
        Console.WriteLine($"  {place}");
        Console.WriteLine($"  input: {path}");
    }

    /// <summary>For an input that never returns, or ends the process.</summary>
    public string Save(IFuzzTarget target, byte[] input)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 8))}"));
        File.WriteAllBytes(path, input);
        return path;
    }
}
