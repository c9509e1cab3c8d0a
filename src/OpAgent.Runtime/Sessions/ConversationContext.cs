using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Limits;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Sandboxes;

namespace OpAgent.Runtime.Sessions;

/// <summary>What every conversation works with.</summary>
internal sealed record ConversationContext(
    RuntimeHome Home,
    WorkspaceRegistry Workspaces,
    AgentResolver Agents,
    AgentSandbox Sandbox,
    AgentLauncher Launcher,
    AgentLimiter Limiter,
    ConversationFinder Finder,
    PermissionDesk Permissions,
    ChangeFeed Changes,
    JournalOptions JournalOptions,
    SessionOptions Options,
    TimeProvider Time,
    ILogger<LiveConversation> Logger);
