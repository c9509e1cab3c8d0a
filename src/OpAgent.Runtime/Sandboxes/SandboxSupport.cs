using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>Whether this machine can keep an agent in a sandbox. Tried, not guessed: a container or a kernel setting may forbid what is installed.</summary>
internal sealed class SandboxSupport(ProcessSupervisor supervisor)
{
    /// <summary>Set to <c>none</c>, bubblewrap is not used although it is there.</summary>
    public const string Variable = "OPAGENT_SANDBOX";

    private static readonly bool IsSwitchedOff = Environment.GetEnvironmentVariable(Variable) == "none";

    private bool _works;

    /// <summary>Why no sandbox can be made and what to do; null where it can.</summary>
    public async Task<string?> FindObstacleAsync()
    {
        if (_works) return null;
        if (IsSwitchedOff) return $"sandboxes are switched off here ({Variable}=none in the runtime's environment)";
        // Not remembered: it may be installed at any time.
        if (Bubblewrap.FindProgram() is not { } program) return "bubblewrap is not installed there; install the package 'bubblewrap'";
        try
        {
            // With a place that is held, as agents have it.
            using var root = LibC.OpenPath("/")!;
            var files = new FileView().Set("/", Visibility.ReadOnly, root);
            var spec = new ProcessSpec(program, ["--version"], "/", new Dictionary<string, string>()) { Isolation = new Isolation(files, Network: true) };
            await using var probe = await supervisor.StartAsync(spec).ConfigureAwait(false);
            var said = new OutputTail();
            await said.CollectAsync(probe.StandardError).ConfigureAwait(false);
            var exit = await probe.Exited.ConfigureAwait(false);
            _works = exit.Code == 0;
            return _works ? null : $"bubblewrap does not work there; 0.8 or later is needed, and a kernel that lets it make namespaces (it {exit}: {said})";
        }
        catch (IOException error)
        {
            return $"bubblewrap does not work there ({error.Message})";
        }
    }

    /// <summary>What holds what an agent starts together, as machine info tells it.</summary>
    public async Task<Containment> FindContainmentAsync() =>
        await FindObstacleAsync().ConfigureAwait(false) is null ? Containment.PidNamespace : supervisor.Groups is { Exist: true } ? Containment.ControlGroup : Containment.Subreaper;
}
