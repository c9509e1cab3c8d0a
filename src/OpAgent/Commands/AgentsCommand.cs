using System.CommandLine;
using OpAgent.Server.Edge;
using OpAgent.Server.Packages;
using OpAgent.Terminal;

namespace OpAgent.Commands;

/// <summary><c>opagent agents</c>.</summary>
internal static class AgentsCommand
{
    public static Command Create() => new("agents", "The agents that are installed.") { CreateList(), CreateInstall() };

    private static Command CreateList()
    {
        var command = new Command("list", "Lists them.");
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var answer = await context.Client.GetAsync("agents", cancellationToken);
            context.Output.Result(answer, () => Describe(answer.As<Page<AgentView>>().Items));
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }

    private static Command CreateInstall()
    {
        var source = new Argument<string>("SOURCE") { Description = "A directory that holds an agent.json." };
        var command = new Command("install", "Installs an agent and makes it the active version.") { source };
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var request = new NewAgent(Path.GetFullPath(parsed.GetRequiredValue(source)), null);
            var answer = await context.Client.PostAsync("agents", request, cancellationToken);
            context.Output.Result(answer, () =>
            {
                var agent = answer.As<AgentView>();
                return $"{agent.Id}@{agent.Version} is installed.";
            });
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }

    private static string Describe(IReadOnlyList<AgentView> agents)
    {
        if (agents.Count == 0) return "No agent is installed. 'opagent agents install DIR' installs one.";
        var table = new TextTable("ID", "VERSION", "DESCRIPTION");
        foreach (var agent in agents) table.Add(agent.Id, agent.Version, TerminalText.Line(agent.Description, 100));
        return table.ToString();
    }
}
