namespace OpAgent.Server.Workspaces;

/// <summary>A directory to open.</summary>
/// <param name="Machine"><c>local</c> by default.</param>
/// <param name="Path">Absolute.</param>
/// <param name="Trust">Its agents may run. False by default; a directory that was trusted stays so.</param>
public sealed record OpenWorkspace(string? Machine, string? Path, bool? Trust);

/// <summary>A directory that was opened.</summary>
/// <param name="Path">Absolute and without symbolic links.</param>
/// <param name="Trusted">A person said that its agents may run.</param>
/// <param name="Exists">The directory is there now.</param>
public sealed record WorkspaceView(string Id, string Machine, string Path, string Name, bool Trusted, bool Exists);

/// <summary>What the nearest bindings say for a directory; null for what none says.</summary>
public sealed record BindingView(BindingValueView? Agent, BindingValueView? Model, BindingValueView? Mode);

/// <summary>Values to write into a directory's own workspace.yaml. What is left out stays; an empty text takes the key out.</summary>
/// <param name="Agent">id, id@range, ./package or none.</param>
public sealed record NewBinding(string? Agent, string? Model, string? Mode);

public sealed record BindingValueView(string Value, BindingSource From);

/// <summary>Where a value stands.</summary>
/// <param name="File">Relative to the workspace.</param>
/// <param name="Line">Counted from 1.</param>
public sealed record BindingSource(string File, int Line);
