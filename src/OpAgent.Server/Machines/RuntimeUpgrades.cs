using Grpc.Core;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Agents;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Machines;

/// <summary>Finds out whether the host brings a newer runtime than a machine runs, and has it take over. Never an older one.</summary>
internal sealed class RuntimeUpgrades(DataDirectory data, LocalProgram program, RuntimeLauncher launcher, TimeProvider time, ILogger<RuntimeUpgrades> logger)
{
    private const int BuildLength = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // The host's own files stay what they are while it runs; hashing them takes a moment.
    private readonly Lazy<Task<(string Version, string Copy)?>> _brought = new(() => LookAsync(program, launcher, logger));

    /// <summary>What may take over from the runtime of a machine; null where there is nothing newer, or where that cannot be told.</summary>
    public async Task<RuntimeUpgradeView?> FindAsync(MachineConnection machine, MachineInfo running, CancellationToken cancellationToken)
    {
        if (machine.Name != MachineRegistry.Local || await _brought.Value.WaitAsync(cancellationToken) is not var (brought, copy)) return null;
        if (!SemanticVersion.TryParse(brought, out var newer) || !SemanticVersion.TryParse(running.RuntimeVersion, out var older) || newer < older) return null;
        if (newer > older) return new(running.RuntimeVersion, brought);
        // A build of the same version is another one if its content is, which the name of its copy tells; of a program elsewhere nothing is known.
        var directory = Path.GetDirectoryName(running.RuntimeProgram);
        if (Path.GetDirectoryName(directory) != data.Programs || Path.GetFileName(directory) == copy) return null;
        return new($"{running.RuntimeVersion}+{BuildOf(directory!)}", $"{brought}+{BuildOf(copy)}");
    }

    /// <summary>Has the program that the host brings along take over. Returns once it answers.</summary>
    /// <exception cref="ProblemException">The running one stays; the message says why.</exception>
    public async Task<RuntimeUpgradeView> UpgradeAsync(MachineConnection machine, CancellationToken cancellationToken)
    {
        var info = await machine.Machine.GetInfoAsync(new(), cancellationToken: cancellationToken);
        if (await FindAsync(machine, info, cancellationToken) is not { } upgrade)
            throw KnownProblems.UpgradeRefused.With($"Machine '{machine.Name}' runs {info.RuntimeVersion}, and this host brings nothing newer.");
        var executable = launcher.CopyProgram();
        await AskAsync(machine, new() { Command = $"{Guid.NewGuid()}", Program = executable }, cancellationToken);
        launcher.RemoveOldCopies(executable);
        return upgrade;
    }

    /// <summary>The switch takes the connection with it, so the answer comes to the same command asked again.</summary>
    private async Task AskAsync(MachineConnection machine, UpgradeRequest request, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow().UtcDateTime + Limit;
        while (true)
        {
            try
            {
                await machine.Machine.UpgradeAsync(request, deadline: deadline, cancellationToken: cancellationToken);
                return;
            }
            catch (RpcException lost) when (lost.StatusCode == StatusCode.Unavailable && time.GetUtcNow().UtcDateTime < deadline)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private static async Task<(string Version, string Copy)?> LookAsync(LocalProgram program, RuntimeLauncher launcher, ILogger logger)
    {
        if (!Directory.Exists(program.Directory)) return null;
        try
        {
            return (await launcher.ReadVersionAsync(CancellationToken.None), ProgramCopy.NameOf(program.Directory));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.ProgramNotKnown(exception.Message);
            return null;
        }
    }

    private static string BuildOf(string copy) => copy[(copy.LastIndexOf('-') + 1)..][..BuildLength];
}
