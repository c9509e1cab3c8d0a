using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Machines;

/// <summary>Starts the runtime of the host's own machine from a copy of its program, so that a rebuild never changes files of a running daemon.</summary>
internal sealed class RuntimeLauncher(DataDirectory data, LocalProgram program, TimeProvider time, ILogger<RuntimeLauncher> logger)
{
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(30);

    /// <summary>Returns once a runtime listens: the one that was started, or one that already ran.</summary>
    /// <exception cref="RuntimeUnreachableException">It did not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(program.Directory))
        {
            throw new RuntimeUnreachableException(
                $"the runtime program is missing at {program.Directory}: build or install OpAgent completely");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var began = time.GetTimestamp();
        var executable = CopyProgram();
        using var process = Start(executable, ["serve", "--detach"]);
        // Not the caller's token: left halfway, the runtime would come up after a host that ends, and after the "stop --all" that follows.
        using var limit = new CancellationTokenSource(TimeToStart, time);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new RuntimeUnreachableException($"{executable} was not ready after {TimeToStart.TotalSeconds} seconds: look into {data.RuntimeHome} for its log");
        }

        if (process.ExitCode != 0)
        {
            var said = (await process.StandardError.ReadToEndAsync(cancellationToken)).Trim();
            throw new RuntimeUnreachableException($"{executable} ended with exit code {process.ExitCode}{(said.Length == 0 ? "" : ": " + said)}");
        }

        logger.RuntimeStarted(executable, time.GetElapsedTime(began).TotalMilliseconds);
        RemoveOldCopies(executable);
    }

    /// <summary>The program in its copy, from which it is run.</summary>
    public string CopyProgram() => Path.Combine(ProgramCopy.Make(program.Directory, data.Programs), program.Executable);

    /// <summary>Removes the copies that nothing runs from, but the one that is started from now on.</summary>
    public void RemoveOldCopies(string executable)
    {
        try
        {
            ProgramCopy.RemoveOthers(data.Programs, Path.GetDirectoryName(executable)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start tries again.
            logger.OldProgramsKept(data.Programs, exception.Message);
        }
    }

    /// <summary>The version of the program that the host brings along.</summary>
    /// <exception cref="RuntimeUnreachableException">It cannot be run.</exception>
    public async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        using var process = Start(Path.Combine(program.Directory, program.Executable), ["version"], readsOutput: true);
        return (await process.StandardOutput.ReadToEndAsync(cancellationToken)).Trim();
    }

    private Process Start(string executable, string[] arguments, bool readsOutput = false)
    {
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = readsOutput, RedirectStandardError = true };
        start.Environment["OPAGENT_RUNTIME_HOME"] = data.RuntimeHome;
        start.Environment["OPAGENT_HOST_DATA"] = data.Path;
        // A program that was built without its own .NET finds the one that this process uses, wherever that is installed.
        if (DotnetRoot() is { } root) start.Environment.TryAdd("DOTNET_ROOT", root);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new RuntimeUnreachableException($"{executable} cannot be started: {exception.Message}", exception);
        }
    }

    private static string? DotnetRoot()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return File.Exists(Path.Combine(root, "dotnet")) ? root : null;
    }
}

/// <summary>The runtime's program as it lies beside the host's own.</summary>
internal sealed record LocalProgram(string Directory, string Executable)
{
    public static LocalProgram BesideHost => new(Path.Combine(AppContext.BaseDirectory, "runtime"), "opagent-runtime");
}
