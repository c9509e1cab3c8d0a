namespace OpAgent.Runtime.Processes;

/// <summary>What ends everything that an agent started, the strongest first.</summary>
internal enum Containment
{
    /// <summary>A PID namespace of its own (bubblewrap): its end is the end of everything in it, also where the runtime is killed.</summary>
    PidNamespace,

    /// <summary>A control group of its own (cgroup v2, <c>cgroup.kill</c>).</summary>
    ControlGroup,

    /// <summary>What descends from it is looked up in <c>/proc</c>; orphans become the runtime's children and carry its mark in their environment.</summary>
    Subreaper,
}

internal static class ContainmentNames
{
    /// <summary>As machine info tells it.</summary>
    public static string Of(Containment containment) => containment switch
    {
        Containment.PidNamespace => "pid-namespace",
        Containment.ControlGroup => "cgroup",
        _ => "subreaper",
    };
}
