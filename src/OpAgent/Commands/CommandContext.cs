using System.CommandLine;
using OpAgent.Client;
using OpAgent.Core.Problems;
using OpAgent.Hosting;
using OpAgent.Server.Storage;
using OpAgent.Terminal;

namespace OpAgent.Commands;

/// <summary>What a command that speaks to the host works with.</summary>
internal sealed record CommandContext(DataDirectory Data, HostClient Client, CommandOutput Output)
{
    public static readonly Option<bool> Json = new("--json") { Description = "Write the answer as JSON.", Recursive = true };

    /// <summary>Runs a command against the host, which is started where none runs, and says what went wrong.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Func<CommandContext, Task<int>> command, CancellationToken cancellationToken)
    {
        var data = DataDirectory.FromEnvironment();
        var output = new CommandOutput(parsed.GetValue(Json));
        return await ReportAsync(output, async () =>
        {
            await HostLauncher.EnsureAsync(data, cancellationToken);
            using var client = new HostClient(data);
            return await command(new(data, client, output));
        });
    }

    /// <summary>Turns what a command throws into a message and an exit code.</summary>
    public static async Task<int> ReportAsync(CommandOutput output, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (ProblemException exception)
        {
            output.Problem(exception.Problem, exception.Message);
            return exception.Problem.Type == KnownProblems.WorkspaceNotTrusted.Type ? ExitCode.NotTrusted : ExitCode.Failure;
        }
        catch (HttpRequestException exception)
        {
            output.Problem(CommandProblems.HostNotReached, $"The host went away in the middle of an answer ({exception.Message}). Try again.");
            return ExitCode.Failure;
        }
        catch (Exception exception) when (exception is HostUnavailableException or TimeoutException)
        {
            output.Problem(CommandProblems.HostNotReached, exception.Message);
            return ExitCode.Failure;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.Problem(KnownProblems.Internal, exception.Message);
            return ExitCode.Failure;
        }
    }
}
