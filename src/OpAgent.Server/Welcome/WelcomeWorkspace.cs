using System.IO.Pipelines;
using OpAgent.Core.Problems;
using OpAgent.Server.Machines;
using OpAgent.Server.Workspaces;

namespace OpAgent.Server.Welcome;

/// <summary>The workspace with which newcomers begin: a few pages worth asking about, in the documents of the user who runs the host.</summary>
internal sealed class WelcomeWorkspace(MachineRegistry machines, WorkspaceAccess workspaces, WorkspaceFiles files)
{
    private const string Place = "/OpAgent/welcome";

    /// <summary>Whether a workspace is this one.</summary>
    public static bool Is(WorkspaceView workspace) => workspace.Machine == MachineRegistry.Local && workspace.Path.EndsWith(Place, StringComparison.Ordinal);

    /// <summary>Makes the files that are not there, and opens the workspace. Nothing that is there is written over.</summary>
    /// <returns>Trusted where all of it comes from this program; what was there before, and where agents would get full rights, a person has to look at first.</returns>
    /// <exception cref="ProblemException">The directory or a file cannot be made.</exception>
    public async Task<WorkspaceView> OpenAsync(CancellationToken cancellationToken)
    {
        var machine = machines.Get(MachineRegistry.Local);
        var info = await machine.Machine.GetInfoAsync(new(), cancellationToken: cancellationToken);
        var directory = await machine.Directories.MakeAsync(new() { Path = info.Documents.TrimEnd('/') + Place }, cancellationToken: cancellationToken);
        var opened = await workspaces.OpenAsync(new(machine.Name, directory.Path, null), cancellationToken);
        foreach (var path in WelcomeFiles.Paths) await WriteAsync(opened.Id, path, cancellationToken);
        return directory.Made && info.Sandbox == MachineView.Bubblewrap ? await workspaces.TrustAsync(opened.Id, fullRights: false, cancellationToken) : opened;
    }

    private async Task WriteAsync(string workspace, string path, CancellationToken cancellationToken)
    {
        try
        {
            await files.WriteAsync(workspace, path, ifMatch: "", ifNoneMatch: true, PipeReader.Create(WelcomeFiles.Open(path)), cancellationToken);
        }
        catch (ProblemException exception) when (exception.Problem.Type == KnownProblems.FileExists.Type)
        {
            // It is the person's now.
        }
    }
}
