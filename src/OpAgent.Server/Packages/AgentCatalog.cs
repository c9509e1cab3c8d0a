using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Packages;

/// <summary>The agents that are installed on machines.</summary>
internal sealed class AgentCatalog(MachineRegistry machines)
{
    public async Task<IReadOnlyList<AgentView>> ListAsync(string? machineName, CancellationToken cancellationToken)
    {
        var machine = machines.Get(machineName ?? MachineRegistry.Local);
        await machine.SettledAsync(cancellationToken);
        var reply = await machine.Packages.ListAsync(new(), cancellationToken: cancellationToken);
        return [.. reply.Items.Select(package => AgentView.Of(package, machine.Name))];
    }

    public async Task<AgentView> InstallAsync(NewAgent request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Source) || !Path.IsPathFullyQualified(request.Source))
            throw KnownProblems.InvalidRequest.With($"'{request.Source}' is no source: send the absolute path of a directory that holds an agent.json.");
        var machine = machines.Get(request.Machine ?? MachineRegistry.Local);
        await machine.SettledAsync(cancellationToken);
        try
        {
            var archive = PackageArchive.Of(request.Source);
            return AgentView.Of(await machine.InstallAsync(archive, await archive.DigestAsync(cancellationToken), cancellationToken), machine.Name);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw KnownProblems.AccessDenied.With($"The package cannot be read: {exception.Message}");
        }
    }

    public async Task<AgentView> ActivateAsync(string id, string? version, string? machineName, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(version)) throw KnownProblems.InvalidRequest.With("The request names no version: send one of the agent's versions.");
        var machine = machines.Get(machineName ?? MachineRegistry.Local);
        return AgentView.Of(await machine.Packages.ActivateAsync(new() { Id = id, Version = version }, cancellationToken: cancellationToken), machine.Name);
    }

    public async Task RemoveAsync(string id, string? machineName, CancellationToken cancellationToken) =>
        await machines.Get(machineName ?? MachineRegistry.Local).Packages.RemoveAsync(new() { Id = id }, cancellationToken: cancellationToken);
}

/// <summary>An agent to install.</summary>
/// <param name="Source">The absolute path of a directory with an agent.json, on the host's machine.</param>
/// <param name="Machine"><c>local</c> by default.</param>
public sealed record NewAgent(string? Source, string? Machine);

/// <summary>The version of an agent that new sessions use from now on.</summary>
public sealed record AgentActivation(string? Version);

/// <summary>An installed agent.</summary>
/// <param name="Version">The active one.</param>
/// <param name="Digest">The sha256 of the package that it came from.</param>
/// <param name="Versions">All that are installed, newest first.</param>
/// <param name="Directory">On its machine.</param>
public sealed record AgentView(
    string Id, string Name, string Version, string Description, string Digest, IReadOnlyList<string> Versions, string Directory, string Machine)
{
    internal static AgentView Of(Package package, string machine) => new(
        package.Id, package.Name, package.Version, package.Description, package.Digest, [.. package.Versions], package.Directory, machine);
}
