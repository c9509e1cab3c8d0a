using OpAgent.Core.Bindings;
using OpAgent.Runtime.Files;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>For which agent a sandbox is.</summary>
/// <param name="Root">The workspace; not owned.</param>
/// <param name="Directory">The conversation's directory, relative to the workspace.</param>
/// <param name="AgentRoot">The agent's package.</param>
/// <param name="Home">The agent's own directories.</param>
/// <param name="Path">The search path for programs.</param>
/// <param name="Named">The words of the agent's command.</param>
internal sealed record SandboxRequest(SandboxLevel Level, bool Network, WorkspaceRoot Root, string Directory, string AgentRoot, AgentHome Home, string Path, IReadOnlyList<string> Named);
