namespace OpAgent.Core.Agents;

/// <summary>How an agent's process is started. <c>${agentRoot}</c> in any of it stands for the package's directory.</summary>
/// <param name="Cmd">The program: a path, or a bare name that is looked up in PATH.</param>
public sealed record AgentCommand(string Cmd)
{
    public ValueList<string> Args { get; init; } = [];

    public ValueList<EnvironmentVariable> Env { get; init; } = [];

    /// <summary>The command with <c>${agentRoot}</c> replaced.</summary>
    public AgentCommand Expand(string agentRoot)
    {
        return new AgentCommand(Replace(Cmd))
        {
            Args = Args.Select(Replace).ToValueList(),
            Env = Env.Select(variable => variable with { Value = Replace(variable.Value) }).ToValueList(),
        };

        string Replace(string text) => text.Replace("${agentRoot}", agentRoot);
    }
}

/// <summary>What an agent needs around it.</summary>
public sealed record AgentNeeds
{
    /// <summary>A language model through the host.</summary>
    public bool Model { get; init; }

    /// <summary>Tools by the name of their MCP server.</summary>
    public ValueList<string> Tools { get; init; } = [];

    /// <summary>The network beyond the host.</summary>
    public bool Network { get; init; }

    /// <summary>Programs that have to be in PATH.</summary>
    public ValueList<string> Commands { get; init; } = [];
}

/// <summary>What an agent may use up; null for the machine's own limit.</summary>
public sealed record AgentLimits
{
    /// <summary>Memory of all its processes, in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>How many processes it may have.</summary>
    public int? Processes { get; init; }

    /// <summary>How long a turn may take.</summary>
    public TimeSpan? Turn { get; init; }

    /// <summary>How long it may wait for the next prompt before it is stopped.</summary>
    public TimeSpan? Idle { get; init; }
}
