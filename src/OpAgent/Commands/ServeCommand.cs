using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using OpAgent.Core.Problems;
using OpAgent.Hosting;
using OpAgent.Server;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;
using OpAgent.Server.Storage;
using OpAgent.Terminal;

namespace OpAgent.Commands;

/// <summary><c>opagent serve</c>: the host, until it is told to end.</summary>
internal static class ServeCommand
{
    private const string LogLevelVariable = "Logging__LogLevel__Default";

    public static Command Create()
    {
        var urls = new Option<string?>("--urls") { Description = $"Where to listen, separated by semicolons. {EdgeOptions.DefaultUrl} by default, on another port where that one is taken." };
        var insecure = new Option<bool>("--insecure-http") { Description = "Listen beyond this machine without TLS. Everybody on the way can read along." };
        var detach = new Option<bool>("--detach") { Hidden = true };
        var command = new Command("serve", "Runs the host in the foreground. This is what opagent does without a command.") { urls, insecure, detach };
        command.SetAction((parsed, cancellationToken) =>
        {
            var output = new CommandOutput(parsed.GetValue(CommandContext.Json));
            var settings = new Dictionary<string, string?>();
            if (parsed.GetValue(urls) is { } named) settings[nameof(EdgeOptions.Urls)] = named;
            // At a terminal a person reads along: what goes well needs no line, and the link stays the last thing there.
            if (!parsed.GetValue(detach) && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable(LogLevelVariable) is null) settings["Logging:LogLevel:Default"] = nameof(LogLevel.Warning);
            if (parsed.GetValue(insecure)) settings[nameof(EdgeOptions.InsecureHttp)] = "true";
            return CommandContext.ReportAsync(output, () => RunAsync(settings, parsed.GetValue(detach), output, cancellationToken));
        });
        return command;
    }

    private static async Task<int> RunAsync(Dictionary<string, string?> settings, bool detach, CommandOutput output, CancellationToken cancellationToken)
    {
        var data = DataDirectory.FromEnvironment();
        data.Create();
        if (detach) LibC.Detach(data.HostLog);
        // Who only looks whether it is held has it for a moment.
        using var held = HostLock.TryTake(data) ?? await TakeLaterAsync(data, cancellationToken);
        if (held is null)
        {
            var other = HostAnnouncement.Read(data);
            output.Problem(CommandProblems.HostRuns,
                $"{data.Path} is served{(other is null ? "" : $" by process {other.Pid} at {string.Join(" ", other.Urls)}")}. Use that host, end it with 'opagent stop', or set {DataDirectory.Variable} to another directory.");
            return ExitCode.HostRuns;
        }

        try
        {
            await using var app = await StartAsync(data, settings, cancellationToken);
            var announcement = new HostAnnouncement(Environment.ProcessId, app.OpenDoors(), HostVersion.Text);
            held.Announce(announcement);
            // A host in the background writes to its log, where no code belongs.
            var setup = app.Services.GetRequiredService<SetupCodes>();
            var link = !detach && await setup.IsOpenAsync(cancellationToken) ? await setup.MakeAsync(cancellationToken) : null;
            var page = app.Services.GetRequiredService<PageAddress>().Root;
            output.Result(
                new { announcement.Pid, announcement.Urls, announcement.Version, page, setup = link },
                () => Greeting(announcement.Urls, data, link) + $"\n\n{link?.Link ?? page}");
            await app.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Success;
        }
        catch (OptionsValidationException exception)
        {
            output.Problem(CommandProblems.Usage, string.Join(" ", exception.Failures));
            return ExitCode.Usage;
        }
    }

    private static async Task<HostLock?> TakeLaterAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        return HostLock.TryTake(data);
    }

    // The link comes after it, last and on a line of its own.
    private static string Greeting(IReadOnlyList<string> urls, DataDirectory data, OneTimeLink? link) =>
        $"OpAgent {HostVersion.Text} listens on {string.Join(" ", urls)}. Its data is in {data.Path}. Ctrl-C ends it; agents go on."
        + (link is null ? "" : $"\nSet up your account. {SetupCodeCommand.Explain(link.Code)} 'opagent setup-code' makes another.");

    private static async Task<WebApplication> StartAsync(DataDirectory data, Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var app = HostApplication.Build(data, settings);
        var urls = app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.Urls;
        try
        {
            await app.Services.OpenStorageAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
            return app;
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException && urls is null)
        {
            // Somebody took the ordinary port between our look at it and the listening; nobody asked for that one.
            await EndAsync(app);
            return await StartAsync(data, new(settings) { [nameof(EdgeOptions.Urls)] = "http://127.0.0.1:0" }, cancellationToken);
        }
        catch (Exception exception)
        {
            await EndAsync(app);
            if (StartFailure.Explain(exception, urls ?? EdgeOptions.DefaultUrl) is { } problem) throw problem;
            throw;
        }
    }

    /// <summary>Ends what had begun before the start failed.</summary>
    private static async Task EndAsync(WebApplication app)
    {
        try
        {
            await app.StopAsync(CancellationToken.None);
        }
        finally
        {
            await app.DisposeAsync();
        }
    }
}
