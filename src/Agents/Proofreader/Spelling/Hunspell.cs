using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace OpAgent.Agents.Proofreader.Spelling;

/// <summary>A running <c>hunspell</c> that words are asked of one at a time. Owns the process.</summary>
internal sealed class Hunspell : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Dictionary<string, ImmutableArray<string>?> _known = new(StringComparer.Ordinal);

    private Hunspell(Process process, string dictionary)
    {
        _process = process;
        Dictionary = dictionary;
    }

    /// <summary>The dictionary in use, such as <c>en_US</c>.</summary>
    public string Dictionary { get; }

    /// <summary>Starts hunspell with the first dictionary that is installed: that of the language of the environment, then English. Null where there is no program or none of them.</summary>
    public static async Task<Hunspell?> StartAsync(CancellationToken cancellationToken)
    {
        var language = (Environment.GetEnvironmentVariable("LANG") ?? "").Split('.', '@')[0];
        foreach (var dictionary in new[] { language, "en_US", "en_GB" }.Where(name => name.Length > 1 && name is not "POSIX").Distinct())
        {
            if (await StartAsync(dictionary, cancellationToken) is { } hunspell) return hunspell;
        }
        return null;
    }

    /// <summary>Corrections for a word that the dictionary does not have, possibly none; null for one that it has.</summary>
    public async Task<ImmutableArray<string>?> CheckAsync(string word, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(word, out var known)) return known;
        // The caret keeps a word from being read as a command.
        await _process.StandardInput.WriteAsync($"^{word}\n".AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        ImmutableArray<string>? corrections = null;
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            if (line[0] == '#') corrections ??= [];
            else if (line[0] == '&') corrections = [.. line[(line.IndexOf(':') + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        }
        return _known[word] = corrections;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static async Task<Hunspell?> StartAsync(string dictionary, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("hunspell", ["-a", "-i", "utf-8", "-d", dictionary])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
        var hunspell = new Hunspell(process!, dictionary);
        // The first line greets; a program without the dictionary ends instead.
        if (await process!.StandardOutput.ReadLineAsync(cancellationToken) is not null) return hunspell;
        await hunspell.DisposeAsync();
        return null;
    }
}
