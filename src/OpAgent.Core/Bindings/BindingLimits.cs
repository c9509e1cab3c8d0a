using OpAgent.Core.Documents;

namespace OpAgent.Core.Bindings;

/// <summary>The limits that one file sets. Null where it says nothing.</summary>
public sealed record BindingLimits
{
    /// <inheritdoc cref="ResolvedLimits.Memory"/>
    public Located<long>? Memory { get; init; }

    /// <inheritdoc cref="ResolvedLimits.Processes"/>
    public Located<int>? Processes { get; init; }

    /// <inheritdoc cref="ResolvedLimits.OpenFiles"/>
    public Located<int>? OpenFiles { get; init; }

    /// <inheritdoc cref="ResolvedLimits.Turn"/>
    public Located<TimeSpan>? Turn { get; init; }

    /// <inheritdoc cref="ResolvedLimits.Idle"/>
    public Located<TimeSpan>? Idle { get; init; }

    /// <inheritdoc cref="ResolvedLimits.Output"/>
    public Located<long>? Output { get; init; }

    internal static BindingLimits Read(NodeFields fields)
    {
        if (fields.Group(BindingKeys.Limits, $"limits such as {{ {BindingKeys.Memory}: 2GiB, {BindingKeys.Turn}: 30m }}") is not { } limits) return new();
        foreach (var entry in limits.Map.Entries.Where(entry => !BindingKeys.AllLimits.Contains(entry.Key)))
        {
            // One with a typing error would hold nobody back, and nobody would notice.
            limits.Refuse(entry.Line, entry.Key, $"expected one of {string.Join(", ", BindingKeys.AllLimits)}, found a limit that is not known");
        }

        return new BindingLimits
        {
            Memory = limits.Locate(BindingKeys.Memory, limits.Parsed(BindingKeys.Memory, "a size such as 2GiB", Quantity.Bytes)),
            Processes = limits.Locate(BindingKeys.Processes, limits.Count(BindingKeys.Processes)),
            OpenFiles = limits.Locate(BindingKeys.OpenFiles, limits.Count(BindingKeys.OpenFiles)),
            Turn = limits.Locate(BindingKeys.Turn, limits.Parsed(BindingKeys.Turn, "a time such as 30m", Quantity.Time)),
            Idle = limits.Locate(BindingKeys.Idle, limits.Parsed(BindingKeys.Idle, "a time such as 15m", Quantity.Time)),
            Output = limits.Locate(BindingKeys.Output, limits.Parsed(BindingKeys.Output, "a size a second such as 8MiB", Quantity.Bytes)),
        };
    }
}
