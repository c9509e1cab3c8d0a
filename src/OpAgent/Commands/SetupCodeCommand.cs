using System.CommandLine;
using OpAgent.Server.Security;

namespace OpAgent.Commands;

/// <summary><c>opagent setup-code</c>.</summary>
internal static class SetupCodeCommand
{
    public static Command Create()
    {
        var command = new Command("setup-code", "Makes a link with which the host's owner chooses a name and a password, once. Until there is an owner.");
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var answer = await context.Client.PostAsync("setup-code", null, cancellationToken);
            var made = answer.As<OneTimeLink>();
            context.Output.Result(answer, () => made.Link);
            context.Output.Hint(Explain(made.Code));
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }

    /// <summary>What a code is good for.</summary>
    public static string Explain(string code) => $"Open the link within 15 minutes; it works once. On another device, open the page there and type the code {code}.";
}
