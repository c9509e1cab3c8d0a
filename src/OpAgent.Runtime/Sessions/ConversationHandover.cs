using OpAgent.Core.Bindings;

namespace OpAgent.Runtime.Sessions;

/// <summary>A loaded conversation as one program hands it over to the next. What its journal and its file tell is not in here.</summary>
/// <param name="KnownFile">Where the file was when the agent last learned of it.</param>
/// <param name="Limits">Of the running or last turn.</param>
/// <param name="Crashes">The agent's last unexpected ends.</param>
internal sealed record ConversationHandover(
    Guid Id, string State, string? Reason, string KnownFile, IReadOnlyList<long> Crashes, LockHandover? Lock, ResolvedLimits Limits, SessionHandover? Session, TurnHandover? Turn,
    IReadOnlyList<PermissionHandover> Permissions)
{
    /// <summary>The descriptors that go from program to program.</summary>
    public IEnumerable<int> Descriptors() => [.. Lock is { } held ? [held.Directory, held.File] : Array.Empty<int>(), .. Session?.Child.Descriptors() ?? []];
}

/// <summary>The running turn.</summary>
/// <param name="TimeLeft">Until its deadline; null for none.</param>
internal sealed record TurnHandover(Guid Id, bool CancelRequested, TimeSpan? TimeLeft);

/// <summary>A permission request that waits for a person.</summary>
/// <param name="RequestId">Under which the agent waits for the answer, as JSON.</param>
internal sealed record PermissionHandover(Guid Id, string RequestId, DateTimeOffset Requested);
