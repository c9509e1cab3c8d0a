using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Limits;
using OpAgent.Runtime.Packages;

namespace OpAgent.Runtime.Sessions;

/// <summary>What every conversation works with.</summary>
internal sealed record ConversationContext(
    RuntimeHome Home,
    WorkspaceRegistry Workspaces,
    AgentResolver Agents,
    AgentLauncher Launcher,
    AgentLimiter Limiter,
    ConversationFinder Finder,
    PermissionDesk Permissions,
    ChangeFeed Changes,
    JournalOptions JournalOptions,
    SessionOptions Options,
    TimeProvider Time,
    ILogger<LiveConversation> Logger);
