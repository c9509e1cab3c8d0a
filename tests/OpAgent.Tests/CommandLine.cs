using System.Diagnostics;
using System.Text.Json;
using OpAgent.Server.Storage;

namespace OpAgent.Tests;

/// <summary>The real program on data of its own, with a trusted directory in which the scripted agent answers. Everything it started is ended with the test.</summary>
internal sealed class CommandLine : IAsyncDisposable
{
    /// <summary>The one time limit of all waits.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "opagent");

    private readonly string _temporary = Directory.CreateTempSubdirectory("opagent-").FullName;

    public CommandLine() => Directory.CreateDirectory(Work);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A home directory in which the data is where it is by default.</summary>
    public string Home => _temporary;

    public DataDirectory Data => new(Path.Combine(Home, ".local", "share", "opagent"));

    public string Work => Path.Combine(_temporary, "work");

    /// <summary>What commands have in their environment beside the ordinary.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public string Write(string name, string content)
    {
        var path = Path.Combine(Work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Binds the directory to the scripted agent, and trusts it.</summary>
    public async Task BindScriptedAsync(bool trust = true)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "scripted")))
            File.Copy(file, Path.Combine(Directory.CreateDirectory(Path.Combine(Work, "scripted")).FullName, Path.GetFileName(file)));
        Write(".opagent/workspace.yaml", "agent: ./scripted\n");
        if (trust) Assert.Equal(0, (await RunAsync("open", Work, "--trust")).Exit);
    }

    public Task<Said> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    /// <summary>Runs a command to its end and to the end of its output: nothing it leaves behind may hold that open.</summary>
    public async Task<Said> RunWithInputAsync(string input, params string[] arguments)
    {
        await using var running = Start(arguments);
        running.Process.StandardInput.Write(input);
        running.Process.StandardInput.Close();
        return await running.EndAsync();
    }

    public Running Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _temporary,
            Environment = { [DataDirectory.Variable] = Data.Path, ["NO_COLOR"] = "1" },
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return new(Process.Start(start)!);
    }

    /// <summary>Runs a command that must succeed, with <c>--json</c>.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var said = await RunAsync([.. arguments, "--json"]);
        Assert.True(said.Exit == 0, $"{string.Join(' ', arguments)} ended with {said.Exit}: {said.Error}");
        return JsonElement.Parse(said.Out);
    }

    /// <summary>The process of the host that runs.</summary>
    public Process Host() => Process.GetProcessById(HostAnnouncement.Read(Data)!.Pid);

    public async ValueTask DisposeAsync()
    {
        Environment.Clear();
        await RunAsync("stop", "--all");
        Directory.Delete(_temporary, recursive: true);
    }
}

/// <summary>How a command ended.</summary>
internal sealed record Said(int Exit, string Out, string Error);

/// <summary>A command that runs.</summary>
internal sealed class Running(Process process) : IAsyncDisposable
{
    private readonly StringWriter _out = new();
    private readonly Task<string> _error = process.StandardError.ReadToEndAsync(CommandLine.Cancellation);

    public Process Process => process;

    /// <summary>Reads until the text has been written to stdout.</summary>
    public Task UntilSaidAsync(string text) => UntilAsync(() => _out.ToString().Contains(text, StringComparison.Ordinal), text);

    /// <summary>The first whole line on stdout that the condition holds for.</summary>
    public async Task<string> UntilLineAsync(Predicate<string> holds)
    {
        string? found = null;
        await UntilAsync(() => (found = Array.Find(_out.ToString().Split('\n')[..^1], holds)) is not null, "the line");
        return found!;
    }

    private async Task UntilAsync(Func<bool> said, string what)
    {
        var buffer = new char[1024];
        while (!said())
        {
            var read = await process.StandardOutput.ReadAsync(buffer, CommandLine.Cancellation).AsTask().WaitAsync(CommandLine.Limit);
            Assert.True(read > 0, $"The command ended without saying '{what}'. It said '{_out}', and on stderr: {(read == 0 ? await _error : "")}");
            _out.Write(buffer, 0, read);
        }
    }

    public async Task<Said> EndAsync()
    {
        _out.Write(await process.StandardOutput.ReadToEndAsync(CommandLine.Cancellation).WaitAsync(CommandLine.Limit));
        var error = await _error.WaitAsync(CommandLine.Limit);
        await process.WaitForExitAsync(CommandLine.Cancellation).WaitAsync(CommandLine.Limit);
        return new(process.ExitCode, _out.ToString(), error);
    }

    /// <summary>Sends a signal, by its name.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, process.Id.ToString()]);
        await kill.WaitForExitAsync(CommandLine.Cancellation);
    }

    public ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
        return ValueTask.CompletedTask;
    }
}
