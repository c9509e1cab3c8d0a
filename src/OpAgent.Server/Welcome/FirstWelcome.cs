using OpAgent.Server.Security;
using OpAgent.Server.Workspaces;

namespace OpAgent.Server.Welcome;

/// <summary>Makes the welcome workspace for a new owner, once: who closes it, or has workspaces already, is left in peace.</summary>
internal sealed class FirstWelcome(WelcomeWorkspace welcome, WorkspaceCatalog catalog) : IOwnerStep
{
    public async Task OwnerMadeAsync(CancellationToken cancellationToken)
    {
        if ((await catalog.ListAsync(cancellationToken)).IsEmpty) await welcome.OpenAsync(cancellationToken);
    }
}
