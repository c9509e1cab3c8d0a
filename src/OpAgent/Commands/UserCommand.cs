using System.CommandLine;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;
using OpAgent.Terminal;

namespace OpAgent.Commands;

/// <summary><c>opagent user</c>.</summary>
internal static class UserCommand
{
    public static Command Create() => new("user", "The people who may sign in.") { CreateList(), CreateAdd(), CreateReset(), CreateRemove() };

    private static Command CreateList()
    {
        var command = new Command("list", "Says who may sign in.");
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var answer = await context.Client.GetAsync("users", cancellationToken);
            context.Output.Result(answer, () => Table(answer.As<Page<AccountView>>().Items));
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }

    private static Command CreateAdd() => CreateForCode(
        "add", "Makes an account and a link with which its person chooses a password, once.", (context, name, cancellationToken) =>
            context.Client.PostAsync("users", new NewUser(name), cancellationToken));

    private static Command CreateReset() => CreateForCode(
        "reset", "Takes the password away, ends all sessions, and makes a link for a new password, once.", (context, name, cancellationToken) =>
            context.Client.PostAsync($"users/{Uri.EscapeDataString(name)}/reset", null, cancellationToken));

    private static Command CreateForCode(string verb, string description, Func<CommandContext, string, CancellationToken, Task<Client.Answer>> make)
    {
        var name = Name();
        var command = new Command(verb, description) { name };
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var answer = await make(context, parsed.GetRequiredValue(name), cancellationToken);
            var made = answer.As<AccountCode>();
            context.Output.Result(answer, () => made.Link);
            context.Output.Hint(SetupCodeCommand.Explain(made.Code));
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }

    private static Command CreateRemove()
    {
        var name = Name();
        var command = new Command("remove", "Removes an account with its sessions and tokens.") { name };
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var person = parsed.GetRequiredValue(name);
            await context.Client.DeleteAsync($"users/{Uri.EscapeDataString(person)}", cancellationToken);
            context.Output.Result(new { name = person, removed = true }, () => $"{person} cannot sign in any more.");
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }

    private static Argument<string> Name() => new("NAME") { Description = "The person's name." };

    private static string Table(IReadOnlyList<AccountView> people)
    {
        if (people.Count == 0) return "Nobody yet: 'opagent setup-code' makes the link for the owner.";
        var table = new TextTable("NAME", "ROLE", "PASSWORD");
        foreach (var person in people) table.Add(person.Name, person.Role.ToString().ToLowerInvariant(), person.Active ? "chosen" : "not chosen yet");
        return table.ToString();
    }
}
