using System.CommandLine;
using OpAgent.Runs;

namespace OpAgent.Commands;

/// <summary><c>opagent run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "The directory in which the agent works." };
        var prompt = new Argument<string>("PROMPT") { Description = "What to ask of it." };
        var agent = new Option<string?>("--agent") { Description = "The agent; by default the one that the directory is bound to.", HelpName = "ID" };
        // Empty is what a script passes whose variable is not set: another agent than the one that was meant must not answer.
        agent.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var named }] && string.IsNullOrWhiteSpace(named)) result.AddError("--agent names no agent: 'opagent agents list' shows them. Leave it out for the one that the directory is bound to.");
        });
        var yes = new Option<bool>("--yes", "-y") { Description = "Trust the directory, and allow once whatever the agent asks for." };
        var command = new Command("run", "Begins a conversation, writes the answer to stdout as it comes, and ends with how the turn ended.") { directory, prompt, agent, yes };
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(
            parsed,
            context => new Run(context).ExecuteAsync(
                new(parsed.GetRequiredValue(directory), parsed.GetRequiredValue(prompt), parsed.GetValue(agent), parsed.GetValue(yes)), cancellationToken),
            cancellationToken));
        return command;
    }
}
