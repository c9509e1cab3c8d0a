using System.CommandLine;
using OpAgent.Server.Security;

namespace OpAgent.Commands;

/// <summary><c>opagent token</c>.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "What it is for." };
        var scopes = new Option<string[]>("--scopes") { Description = "What it may do: read, converse, write, admin. All but admin by default.", AllowMultipleArgumentsPerToken = true };
        var days = new Option<int?>("--expires-in-days") { Description = "When it ends. Never by default." };
        var create = new Command("create", "Makes a token and writes it to stdout. It is shown this once.") { name, scopes, days };
        create.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var answer = await context.Client.PostAsync("tokens", new NewToken(parsed.GetRequiredValue(name), parsed.GetValue(scopes), parsed.GetValue(days)), cancellationToken);
            context.Output.Result(answer, () => answer.As<NewTokenView>().Token);
            context.Output.Hint("Keep it: it is not shown again. Send it as 'Authorization: Bearer TOKEN'.");
            return ExitCode.Success;
        }, cancellationToken));
        return new("token", "Tokens for the API over TCP.") { create };
    }
}
