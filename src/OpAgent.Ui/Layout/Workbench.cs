using Microsoft.AspNetCore.Components.Authorization;
using OpAgent.Core.Problems;
using OpAgent.Server.Conversations;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;
using OpAgent.Server.Workspaces;

namespace OpAgent.Ui.Layout;

/// <summary>What the parts of one person's page share: who it is, the workspaces, and what is going on in all conversations.</summary>
internal sealed class Workbench : IDisposable
{
    private readonly WorkspaceAccess _access;
    private readonly LiveOverview _overview;
    private readonly AuthenticationStateProvider _authentication;

    public Workbench(WorkspaceAccess access, LiveOverview overview, AuthenticationStateProvider authentication)
    {
        (_access, _overview, _authentication) = (access, overview, authentication);
        _overview.Changed += Tell;
    }

    /// <summary>Raised on the thread pool when anything of what it holds has changed.</summary>
    public event Action? Changed;

    public IReadOnlyList<WorkspaceView> Workspaces { get; private set; } = [];

    /// <summary>Why the workspaces could not be read; null when they could.</summary>
    public string? Problem { get; private set; }

    /// <summary>Where the person is: what the explorer marks and new conversations begin in.</summary>
    public Spot Here { get; private set; } = Spot.Nowhere;

    public IReadOnlyList<PermissionView> Waiting => _overview.Waiting;

    public int Running => _overview.Conversations.Values.Count(conversation => conversation.State is "running" or "starting");

    /// <summary>A conversation's live state; null where nothing has happened to it lately.</summary>
    public ConversationView? Live(string id) => _overview.Conversations.GetValueOrDefault(id);

    /// <summary>The conversations of a workspace that something has happened to lately.</summary>
    public IEnumerable<string> LiveIn(string workspace) => _overview.Conversations.Values.Where(conversation => conversation.Workspace == workspace).Select(conversation => conversation.Id!);

    /// <summary>Whether the person may do what concerns the whole host.</summary>
    public async Task<bool> IsAdminAsync() => new Caller((await _authentication.GetAuthenticationStateAsync()).User).May(Scope.Admin);

    public async Task<string> PersonAsync() => (await _authentication.GetAuthenticationStateAsync()).User.Identity!.Name!;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            Workspaces = [.. (await _access.ListAsync(cancellationToken)).OrderBy(workspace => workspace.Name, StringComparer.OrdinalIgnoreCase)];
            Problem = null;
        }
        catch (Exception exception) when (IsProblem(exception))
        {
            Problem = Explain(exception);
        }

        Tell();
    }

    /// <summary>One workspace, asked for again where the list does not have it.</summary>
    /// <exception cref="ProblemException">It is not open, or its machine is away.</exception>
    public async Task<WorkspaceView> FindAsync(string id, CancellationToken cancellationToken) =>
        Workspaces.FirstOrDefault(workspace => workspace.Id == id) ?? await _access.GetAsync(id, cancellationToken);

    /// <summary>The workspace's absolute path; null where it is not open.</summary>
    public string? RootOf(string workspace) => Workspaces.FirstOrDefault(known => known.Id == workspace)?.Path;

    public void Go(Spot place)
    {
        if (place == Here) return;
        Here = place;
        Tell();
    }

    /// <summary>Says in a sentence why something that a person asked for did not happen.</summary>
    public static string Explain(Exception exception) => ProblemMapping.ToProblem(exception).Message;

    /// <summary>Whether the exception is one that a person is told of; anything else is an error of the page itself.</summary>
    public static bool IsProblem(Exception exception) => exception is ProblemException or Grpc.Core.RpcException;

    public void Dispose() => _overview.Changed -= Tell;

    private void Tell() => Changed?.Invoke();
}

/// <summary>A place in a workspace.</summary>
/// <param name="Path">A directory or file, relative to the workspace.</param>
/// <param name="Conversation">The open conversation's id.</param>
internal sealed record Spot(string? Workspace, string Path, string? Conversation)
{
    public static readonly Spot Nowhere = new(null, "", null);
}
