using Microsoft.Extensions.Logging;
using OpAgent.Core.Agents;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Packages;

/// <summary>Gives every machine the agents that come with the host.</summary>
internal sealed class BundledAgents(AgentDirectory bundled, ILogger<BundledAgents> logger) : IAttachStep
{
    public async Task AttachedAsync(MachineConnection machine, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(bundled.Path)) return;
        var installed = (await machine.Packages.ListAsync(new(), cancellationToken: cancellationToken)).Items.ToDictionary(package => package.Id);
        foreach (var directory in Directory.EnumerateDirectories(bundled.Path).Where(directory => File.Exists(Path.Combine(directory, AgentManifest.FileName))))
        {
            try
            {
                await InstallAsync(machine, PackageArchive.Of(directory), installed, cancellationToken);
            }
            catch (ProblemException exception)
            {
                // One broken package must not keep the others from a machine.
                logger.BundledAgentBroken(directory, exception.Message);
            }
        }
    }

    private async Task InstallAsync(
        MachineConnection machine, PackageArchive archive, Dictionary<string, Package> installed, CancellationToken cancellationToken)
    {
        var version = archive.Manifest.Version.ToString();
        var known = installed.GetValueOrDefault(archive.Manifest.Id);
        // Somebody went to another version and wants to stay there.
        if (known is not null && known.Version != version && known.Versions.Contains(version)) return;
        var digest = await archive.DigestAsync(cancellationToken);
        if (known?.Digest == digest) return;
        await machine.InstallAsync(archive, digest, cancellationToken);
        logger.BundledAgentInstalled(archive.Manifest.Reference, machine.Name);
    }
}

/// <summary>Where the agents lie that come with the host, each in a directory of its own.</summary>
internal sealed record AgentDirectory(string Path)
{
    public static AgentDirectory BesideHost => new(System.IO.Path.Combine(AppContext.BaseDirectory, "agents"));
}
