using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Processes;
using OpAgent.Runtime.Sandboxes;

namespace OpAgent.Runtime.Sessions;

/// <summary>Makes the process specification of an agent from its manifest: its program, and an environment that holds what design §5 names and nothing else.</summary>
internal sealed class AgentCommand(RuntimeHome home, SessionEndpoint endpoint)
{
    private const string TokenVariable = "OPAGENT_TOKEN";
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Makes the directories of the agent.</summary>
    /// <exception cref="IOException">The disk does not take them.</exception>
    public void Prepare(LaunchRequest request) => AgentHome.Of(home, request.Agent, request.Conversation).Prepare();

    /// <param name="token">The session's secret for the endpoint.</param>
    /// <exception cref="AgentStartException">The manifest names no program that is there.</exception>
    public ProcessSpec Make(LaunchRequest request, string token)
    {
        var agent = request.Agent;
        var manifest = agent.Manifest;
        var command = manifest.Command
            ?? throw new AgentStartException($"Agent '{manifest.Id}' says in its agent.json how it is distributed but not what to run (opagent.command). Install it as a package first.");
        var own = AgentHome.Of(home, agent, request.Conversation);
        var path = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } inherited ? inherited : DefaultPath;
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = path,
            ["LANG"] = Environment.GetEnvironmentVariable("LANG") is { Length: > 0 } language ? language : "C.UTF-8",
            ["HOME"] = own.Path,
            ["TMPDIR"] = own.Temporary,
        };
        if (Environment.GetEnvironmentVariable("TZ") is { Length: > 0 } zone) environment["TZ"] = zone;
        foreach (var (name, value) in command.Env)
        {
            var expanded = Expand(value, agent);
            if (expanded.Length > 0 || value.Length == 0) environment[name] = expanded;
        }

        // Last, so that no manifest can pretend to be another session.
        environment["OPAGENT_ENDPOINT"] = endpoint.Address;
        environment[TokenVariable] = token;
        environment["OPAGENT_CONVERSATION"] = request.Conversation.ToString();
        environment["OPAGENT_WORKSPACE"] = request.Root.RealPath;
        var program = FindProgram(Expand(command.Cmd, agent), agent, environment["PATH"]);
        RequireVisible(program, request);
        IReadOnlyList<string> arguments = [.. command.Args.Select(argument => Expand(argument, agent))];
        if (request.Sandbox.Isolation is { Network: false })
        {
            (program, arguments) = RelayCommand.Around(program, arguments, endpoint.Port, home.EndpointSocket);
            // The relay may be built for a .NET that is not where it is looked for.
            if (DotnetRoot.Path.Length > 0) environment.TryAdd("DOTNET_ROOT", DotnetRoot.Path);
        }

        return new ProcessSpec(program, arguments, request.Directory, environment) { Isolation = request.Sandbox.Isolation, Mark = TokenVariable };
    }

    private static string Expand(string text, ResolvedAgent agent) => text
        .Replace("${agentRoot}", agent.Root, StringComparison.Ordinal)
        .Replace("${dotnetRoot}", DotnetRoot.Path, StringComparison.Ordinal);

    private static void RequireVisible(string program, LaunchRequest request)
    {
        var real = HiddenPlaces.RealPath(program) ?? program;
        if (request.Sandbox.Isolation?.Files.Hides(real) == true)
            throw new AgentStartException($"Agent '{request.Agent.Manifest.Id}' cannot be started: its program '{real}' lies where agents see nothing. Install it as a package, or install the program for the whole machine.");
    }

    private static string FindProgram(string command, ResolvedAgent agent, string path)
    {
        if (command.Contains('/'))
        {
            var program = Path.GetFullPath(command, agent.Root);
            return IsExecutable(program) ? program : throw new AgentStartException(File.Exists(program)
                ? $"Agent '{agent.Manifest.Id}' cannot be started: '{program}' is not executable. Its package is damaged; install it again."
                : $"Agent '{agent.Manifest.Id}' cannot be started: its program '{program}' does not exist. Its package is damaged; install it again.");
        }

        return path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(directory => Path.Combine(directory, command)).FirstOrDefault(IsExecutable)
            ?? throw new AgentStartException($"Agent '{agent.Manifest.Id}' needs '{command}', which is not in PATH on machine '{Environment.MachineName}'. Install it there.");
    }

    private static bool IsExecutable(string file) =>
        File.Exists(file) && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
