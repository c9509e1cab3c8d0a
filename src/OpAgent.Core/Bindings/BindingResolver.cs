namespace OpAgent.Core.Bindings;

/// <summary>Finds what holds for a directory from the binding files above it and its own.</summary>
public static class BindingResolver
{
    /// <summary>
    /// Resolves the files from the workspace's root down to the directory. The nearest file that sets a value wins;
    /// <c>inherit: false</c> drops the choices (agent and model) made above, never the mode, which is a power.
    /// </summary>
    public static ResolvedBinding Resolve(IEnumerable<BindingFile> rootToLeaf)
    {
        var resolved = new ResolvedBinding();
        foreach (var file in rootToLeaf)
        {
            if (file.Inherit is { Value: false }) resolved = resolved with { Agent = null, AgentDirectory = null, Model = null };
            if (file.Agent is not null) resolved = resolved with { Agent = Source(file.Agent, file), AgentDirectory = file.Directory };
            resolved = resolved with { Model = Source(file.Model, file) ?? resolved.Model, Mode = Source(file.Mode, file) ?? resolved.Mode };
        }
        return resolved;
    }

    private static Sourced<T>? Source<T>(Located<T>? value, BindingFile file) => value is null ? null : new Sourced<T>(value.Value, file.File, value.Line);
}
