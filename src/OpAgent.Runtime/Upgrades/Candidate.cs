using System.Text.Json;
using OpAgent.Core.Agents;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Upgrades;

/// <summary>Looks at a program that is to replace this one: whether it is safe to run, and whether it is a runtime that works here and can go on with the sessions.</summary>
internal sealed class Candidate(ProcessSupervisor supervisor, RuntimeHome home)
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute, Foreign = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const int MaxReport = 64 * 1024;

    private static readonly TimeSpan TestLimit = TimeSpan.FromSeconds(15);

    /// <exception cref="ProblemException">It must not replace this one; the message says why.</exception>
    public async Task ExamineAsync(string program, CancellationToken cancellationToken)
    {
        RequireSafe(program);
        var report = await TestAsync(program, cancellationToken).ConfigureAwait(false);
        if (!SemanticVersion.TryParse(report.Version, out var version) || !SemanticVersion.TryParse(RuntimeVersion.Text, out var own))
            throw Refuse($"'{program}' calls itself version '{report.Version}', which cannot be compared with the running {RuntimeVersion.Text}");
        if (version < own) throw Refuse($"'{program}' is version {report.Version}, older than the running {RuntimeVersion.Text}");
        if (report.MinProtocol > ProtocolVersion.Maximum || report.MaxProtocol < ProtocolVersion.Minimum)
            throw Refuse($"'{program}' speaks protocol {report.MinProtocol} to {report.MaxProtocol}, which no host of this runtime speaks ({ProtocolVersion.Minimum} to {ProtocolVersion.Maximum})");
        if (!report.Handovers.Contains(Handover.CurrentFormat))
            throw Refuse($"'{program}' cannot go on with the sessions of this runtime: it reads handovers of format {string.Join(", ", report.Handovers)}, and this one writes {Handover.CurrentFormat}");
    }

    /// <summary>Why something is not done; nothing was changed.</summary>
    public static ProblemException Refuse(string reason) => KnownProblems.UpgradeRefused.With($"{reason}. The running runtime stays as it is.");

    private static void RequireSafe(string program)
    {
        if (!Path.IsPathRooted(program)) throw Refuse($"'{program}' is not an absolute path");
        if (Directory.Exists(program)) throw Refuse($"'{program}' is a directory. Name the program in it");
        if (!File.Exists(program)) throw Refuse($"'{program}' does not exist");
        var file = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        // What lies beside it is loaded into it.
        foreach (var part in new[] { file, Path.ChangeExtension(file, ".dll"), Path.GetDirectoryName(file)! }.Where(Path.Exists)) RequireOwn(part);
        if ((File.GetUnixFileMode(file) & Executable) == 0) throw Refuse($"'{program}' is not executable. Is it the program? Then: chmod u+x '{file}'");
    }

    private static void RequireOwn(string path)
    {
        if (FileOwner.Of(path) is var owner && owner != LibC.getuid() && owner != 0) throw Refuse($"'{path}' belongs to user {owner}, who could change what runs here");
        var mode = File.GetUnixFileMode(path);
        // In a directory such as /tmp, where files cannot be replaced by others, everybody may write.
        if ((mode & Foreign) != 0 && (mode & UnixFileMode.StickyBit) == 0) throw Refuse($"'{path}' can be written by other users, who could change what runs here. To keep them out: chmod go-w '{path}'");
    }

    private async Task<SelfTestReport> TestAsync(string program, CancellationToken cancellationToken)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TestLimit);
        ChildProcess process;
        try
        {
            process = await supervisor.StartAsync(new ProcessSpec(program, ["version", SelfTest.Argument], home.Path, environment)).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw Refuse($"'{program}' cannot be started: {error.Message}");
        }

        await using (process)
        {
            var (said, stderr) = (new OutputTail(MaxReport), new OutputTail());
            try
            {
                await Task.WhenAll(said.CollectAsync(process.StandardOutput), stderr.CollectAsync(process.StandardError)).WaitAsync(limit.Token).ConfigureAwait(false);
                var exit = await process.Exited.WaitAsync(limit.Token).ConfigureAwait(false);
                return exit.Code == 0 ? Parse(program, said.ToString()) : throw Refuse($"'{program}' did not pass its own test: it {exit}{(stderr.ToString() is { Length: > 0 } text ? $" and said: {text}" : "")}");
            }
            catch (OperationCanceledException)
            {
                // It gets no time to end in peace: it did not answer either.
                process.Signal(LibC.SIGKILL);
                cancellationToken.ThrowIfCancellationRequested();
                throw Refuse($"'{program}' did not finish its own test within {TestLimit.TotalSeconds:0} s");
            }
        }
    }

    private static SelfTestReport Parse(string program, string text)
    {
        try
        {
            // Its log may come first.
            if (JsonSerializer.Deserialize(text.Split('\n')[^1], UpgradeJson.Default.SelfTestReport) is { Version: not null, Handovers: not null } report) return report;
        }
        catch (JsonException)
        {
        }

        throw Refuse($"'{program}' is no opagent-runtime: it did not answer '{Path.GetFileName(program)} version {SelfTest.Argument}'");
    }
}
