using System.CommandLine;
using OpAgent.Server.Machines;
using OpAgent.Terminal;

namespace OpAgent.Commands;

/// <summary><c>opagent machines</c>.</summary>
internal static class MachinesCommand
{
    public static Command Create() => new("machines", "The machines that agents run on.") { CreateUpgrade() };

    private static Command CreateUpgrade()
    {
        var name = new Argument<string>("NAME") { Description = "The machine; 'local' is this one." };
        var command = new Command("upgrade", "Replaces a machine's runtime by the newer one that the host brings along. Agents and their turns go on.") { name };
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            var machine = parsed.GetRequiredValue(name);
            var answer = await context.Client.PostAsync($"machines/{Uri.EscapeDataString(machine)}/upgrade", null, cancellationToken);
            context.Output.Result(answer, () =>
            {
                var upgrade = answer.As<RuntimeUpgradeView>();
                return $"The runtime of {machine} was upgraded from {upgrade.From} to {upgrade.To}.";
            });
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }
}
