using System.Runtime.InteropServices;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sessions;

/// <summary>Makes the process specification of an agent from its manifest: its program, and an environment that holds what design §5 names and nothing else.</summary>
internal sealed class AgentCommand(RuntimeHome home, SessionEndpoint endpoint)
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <param name="directory">The conversation's directory, absolute.</param>
    /// <param name="token">The session's secret for the endpoint.</param>
    /// <exception cref="AgentStartException">The manifest names no program that is there.</exception>
    public ProcessSpec Make(ResolvedAgent agent, string workspace, string directory, Guid conversation, string token)
    {
        var manifest = agent.Manifest;
        var command = manifest.Command
            ?? throw new AgentStartException($"Agent '{manifest.Id}' says in its agent.json how it is distributed but not what to run (opagent.command). Install it as a package first.");
        var own = Path.Combine(home.Homes, manifest.Id);
        var temporary = Path.Combine(own, "tmp");
        Directory.CreateDirectory(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } inherited ? inherited : DefaultPath;
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = path,
            ["LANG"] = Environment.GetEnvironmentVariable("LANG") is { Length: > 0 } language ? language : "C.UTF-8",
            ["HOME"] = own,
            ["TMPDIR"] = temporary,
        };
        if (Environment.GetEnvironmentVariable("TZ") is { Length: > 0 } zone) environment["TZ"] = zone;
        foreach (var (name, value) in command.Env)
        {
            var expanded = Expand(value, agent);
            if (expanded.Length > 0 || value.Length == 0) environment[name] = expanded;
        }

        // Last, so that no manifest can pretend to be another session.
        environment["OPAGENT_ENDPOINT"] = endpoint.Address;
        environment["OPAGENT_TOKEN"] = token;
        environment["OPAGENT_CONVERSATION"] = conversation.ToString();
        environment["OPAGENT_WORKSPACE"] = workspace;
        return new ProcessSpec(FindProgram(Expand(command.Cmd, agent), agent, environment["PATH"]), [.. command.Args.Select(argument => Expand(argument, agent))], directory, environment);
    }

    private static string Expand(string text, ResolvedAgent agent) => text
        .Replace("${agentRoot}", agent.Root, StringComparison.Ordinal)
        .Replace("${dotnetRoot}", DotnetRoot, StringComparison.Ordinal);

    /// <summary>Where the .NET that runs this program is, for agents that are built for it; empty where the program brings its own.</summary>
    private static string DotnetRoot { get; } =
        // <root>/shared/Microsoft.NETCore.App/<version>/
        RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/') is var directory && directory.Contains("/shared/Microsoft.NETCore.App/", StringComparison.Ordinal)
            ? directory[..directory.IndexOf("/shared/", StringComparison.Ordinal)]
            : "";

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
