using OpAgent.Server;
using OpAgent.Server.Machines;

namespace OpAgent.Diagnosis;

/// <summary>The runtime of this machine, as it answers now.</summary>
internal static class RuntimeCheck
{
    private const string Name = "runtime";

    public static IEnumerable<Finding> Look(LocalRuntimeState state)
    {
        if (state.Problem is { } problem)
        {
            yield return Finding.Problem(Name, $"The runtime does not answer: {problem}", "Look into its log (runtime.log in its home, or 'journalctl -u opagent-runtime@USER'). 'opagent stop --all' ends it and the agents.");
            yield break;
        }

        if (state.Facts is not { } facts)
        {
            yield return Finding.Ok(Name, "No runtime runs; the host starts one, or the unit of its own does.");
            yield break;
        }

        yield return facts.Version == HostVersion.Text
            ? Finding.Ok(Name, $"The runtime {facts.Version} runs, process {facts.Pid}, with {facts.LiveSessions} live sessions.")
            : Finding.Warning(Name, $"The runtime that runs is {facts.Version}, this program is {HostVersion.Text}; process {facts.Pid}, {facts.LiveSessions} live sessions.", "Upgrade the older of the two: a host with a newer runtime offers it on the page's Machines.");
        foreach (var (what, how) in facts.Safeguards) yield return Finding.Ok(what, $"The runtime says: {how}.");
    }
}
