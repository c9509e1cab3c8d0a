namespace OpAgent.Server.Workspaces;

/// <summary>A directory to open.</summary>
/// <param name="Machine"><c>local</c> by default.</param>
/// <param name="Path">Absolute.</param>
/// <param name="Trust">Its agents may run. False by default; a directory that was trusted stays so.</param>
/// <param name="FullRights">With trust, as in <see cref="TrustWorkspace"/>.</param>
public sealed record OpenWorkspace(string? Machine, string? Path, bool? Trust, bool? FullRights = null);

/// <summary>How a workspace is trusted.</summary>
/// <param name="FullRights">
/// Its agents get the rights of the user who runs OpAgent there, without a sandbox. Needs the scope admin. Where a machine can make no sandbox, nothing else is possible.
/// </param>
public sealed record TrustWorkspace(bool? FullRights);

/// <summary>A directory that was opened.</summary>
/// <param name="Path">Absolute and without symbolic links.</param>
/// <param name="Trusted">A person said that its agents may run.</param>
/// <param name="FullRights">Its agents run without a sandbox.</param>
/// <param name="Exists">The directory is there now.</param>
public sealed record WorkspaceView(string Id, string Machine, string Path, string Name, bool Trusted, bool Exists, bool FullRights = false);

/// <summary>What the bindings and the machine's policy say for a directory; null for what none says.</summary>
/// <param name="Sandbox">read-only or workspace.</param>
/// <param name="Network">on or off.</param>
public sealed record BindingView(
    BindingValueView? Agent, BindingValueView? Model, BindingValueView? Mode, BindingValueView? Sandbox, BindingValueView? Network, LimitsView Limits);

/// <summary>What an agent may use up; null for what no file limits.</summary>
/// <param name="Memory">Of the agent and everything it started, for example 2GiB.</param>
/// <param name="Processes">The agent and everything it started.</param>
/// <param name="OpenFiles">Of each of these processes.</param>
/// <param name="Turn">Without the time that the turn waits for a person, for example 30m.</param>
/// <param name="Idle">The agent is ended after so long without work.</param>
/// <param name="Output">Bytes a second on stdout and stderr, for example 8MiB.</param>
public sealed record LimitsView(
    BindingValueView? Memory, BindingValueView? Processes, BindingValueView? OpenFiles, BindingValueView? Turn, BindingValueView? Idle, BindingValueView? Output);

/// <summary>Values to write into a directory's own workspace.yaml. What is left out stays; an empty text takes the key out.</summary>
/// <param name="Agent">id, id@range, ./package or none.</param>
public sealed record NewBinding(string? Agent, string? Model, string? Mode);

public sealed record BindingValueView(string Value, BindingSource From);

/// <summary>Where a value stands.</summary>
/// <param name="File">Relative to the workspace; the machine's own policy by its absolute path.</param>
/// <param name="Line">Counted from 1.</param>
public sealed record BindingSource(string File, int Line);
