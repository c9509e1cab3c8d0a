using OpAgent.Protocol;

namespace OpAgent.Server.Machines;

/// <summary>How the runtime of this machine was found.</summary>
/// <param name="Facts">What it says of itself; null where none runs or it does not answer.</param>
/// <param name="Problem">Why it does not answer; null where it does, or where none runs.</param>
public sealed record LocalRuntimeState(LocalRuntimeFacts? Facts, string? Problem);

/// <summary>What the runtime says of itself.</summary>
/// <param name="Safeguards">What ends an agent's descendants, what keeps agents from what is not theirs, how limits are enforced: as far as it says.</param>
public sealed record LocalRuntimeFacts(string Version, int Pid, int LiveSessions, IReadOnlyList<KeyValuePair<string, string>> Safeguards)
{
    private static readonly string[] Known = ["containment", "sandbox", "limits"];

    internal static LocalRuntimeFacts Of(MachineInfo info) => new(info.RuntimeVersion, info.RuntimePid, info.LiveSessions,
        [.. Known.Select(name => KeyValuePair.Create(name, MachineInfo.Descriptor.FindFieldByName(name)?.Accessor.GetValue(info) as string ?? "")).Where(safeguard => safeguard.Value.Length > 0)]);
}
