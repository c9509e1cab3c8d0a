using Grpc.Core;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Workspaces;

/// <summary>Tells a runtime that was set up anew which workspaces are open. They are not trusted there until a person says so again.</summary>
internal sealed class ReopenWorkspaces(WorkspaceCatalog catalog) : IAttachStep
{
    public async Task AttachedAsync(MachineConnection machine, CancellationToken cancellationToken)
    {
        // The step before may have given them another machine's id.
        catalog.Refresh();
        var id = await machine.GetIdAsync(cancellationToken);
        foreach (var workspace in (await catalog.ListAsync(cancellationToken)).Where(workspace => workspace.MachineId == id))
        {
            try
            {
                await machine.Directories.OpenAsync(new() { Path = workspace.Path }, cancellationToken: cancellationToken);
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.PermissionDenied)
            {
                // The directory is gone or unreadable; the workspace's state says so.
            }
        }
    }
}
