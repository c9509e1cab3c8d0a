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
        var copy = ProgramCopy.Make(program.Directory, data.Programs);
        var executable = Path.Combine(copy, program.Executable);
        using var process = Start(executable);
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
        RemoveOldCopies(copy);
    }

    private void RemoveOldCopies(string copy)
    {
        try
        {
            ProgramCopy.RemoveOthers(data.Programs, copy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start tries again.
            logger.OldProgramsKept(data.Programs, exception.Message);
        }
    }

    private Process Start(string executable)
    {
        var start = new ProcessStartInfo(executable) { ArgumentList = { "serve", "--detach" }, RedirectStandardError = true };
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
