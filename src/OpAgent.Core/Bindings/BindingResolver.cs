namespace OpAgent.Core.Bindings;

/// <summary>Finds what holds for a directory from the machine's policy, the binding files above it and its own.</summary>
public static class BindingResolver
{
    /// <summary>
    /// Resolves the files from the workspace's root down to the directory. The nearest file that sets a choice (agent and model) or the mode wins, and
    /// <c>inherit: false</c> drops the choices made above. Powers (sandbox, network and limits) only narrow on the way down, whatever is inherited.
    /// Of the machine's policy only powers count; a mode in it stands against every other, because modes cannot be compared.
    /// </summary>
    public static ResolvedBinding Resolve(IEnumerable<BindingFile> rootToLeaf, BindingFile? policy = null)
    {
        var resolved = policy is null ? new ResolvedBinding() : Narrow(new ResolvedBinding(), policy);
        foreach (var file in rootToLeaf)
        {
            if (file.Inherit is { Value: false }) resolved = resolved with { Agent = null, AgentDirectory = null, Model = null };
            if (file.Agent is not null) resolved = resolved with { Agent = Source(file.Agent, file), AgentDirectory = file.Directory };
            resolved = Narrow(resolved, file) with { Model = Source(file.Model, file) ?? resolved.Model, Mode = Source(file.Mode, file) ?? resolved.Mode };
        }

        return policy?.Mode is null ? resolved : resolved with { Mode = Source(policy.Mode, policy) };
    }

    private static ResolvedBinding Narrow(ResolvedBinding above, BindingFile file) => above with
    {
        Sandbox = Power.Narrow(above.Sandbox, file.Sandbox, file),
        Network = Power.Narrow(above.Network, file.Network, file),
        Limits = above.Limits.Narrow(file),
    };

    private static Sourced<T>? Source<T>(Located<T>? value, BindingFile file) => value is null ? null : new Sourced<T>(value.Value, file.File, value.Line);
}
