using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using OpAgent.Server.Storage;

namespace OpAgent.Tests.Welcome;

/// <summary>The first minutes with the real program, as far as they go without a browser.</summary>
public sealed class FirstRunTests
{
    [Fact]
    public async Task Serve_OnTheFirstStart_EndsWithTheSetUpLinkOnALineOfItsOwn()
    {
        await using var line = InAHomeOfItsOwn();
        await using var host = line.Start("--urls", "http://127.0.0.1:0");

        var link = await LinkAsync(host);

        Assert.Matches(@"^http://opagent\.localhost:\d+/setup#code=[\w-]+$", link);
    }

    [Fact]
    public async Task Serve_OnceThereIsAnOwner_EndsWithThePagesLink()
    {
        await using var line = InAHomeOfItsOwn();
        await using (var first = line.Start("--urls", "http://127.0.0.1:0"))
        {
            await SetUpAsync(line, await LinkAsync(first));
            await first.SignalAsync("TERM");
            await first.EndAsync();
        }

        await using var host = line.Start("--urls", "http://127.0.0.1:0");

        Assert.Matches(@"^http://opagent\.localhost:\d+$", await LinkAsync(host));
    }

    [Fact]
    public async Task SetUp_OnANewHost_LeavesAWelcomeWorkspaceWhoseAgentsAnswer()
    {
        await using var line = InAHomeOfItsOwn();
        await using var host = line.Start("--urls", "http://127.0.0.1:0");
        await SetUpAsync(line, await LinkAsync(host));
        var welcome = Path.Combine(line.Environment["HOME"], "OpAgent", "welcome");

        var asked = await line.RunAsync("run", welcome, "What happens when the boat cannot land?");
        var draft = await File.ReadAllTextAsync(Path.Combine(welcome, "drafts/letter-home.md"), CommandLine.Cancellation);
        var corrected = await line.RunAsync("run", Path.Combine(welcome, "drafts"), "Check letter-home.md", "--yes");

        Assert.Equal((0, 0), (asked.Exit, corrected.Exit));
        Assert.Contains("handbook/boat.md", asked.Out);
        Assert.Contains("the the", draft);
        Assert.DoesNotContain("the the", await File.ReadAllTextAsync(Path.Combine(welcome, "drafts/letter-home.md"), CommandLine.Cancellation));
    }

    [Fact]
    public async Task KillingOneReader_OfTheWelcomeWorkspace_LeavesTheOtherReading()
    {
        await using var line = InAHomeOfItsOwn();
        await using var host = line.Start("--urls", "http://127.0.0.1:0");
        await SetUpAsync(line, await LinkAsync(host));
        var reading = Path.Combine(line.Environment["HOME"], "OpAgent", "welcome", "reading");
        await using var first = line.Start("run", reading, "Read to me.");
        await first.UntilSaidAsync("barometer");
        var agent = Assert.Single((await line.JsonAsync("ps")).GetProperty("items").EnumerateArray(), process => process.GetProperty("sessionLeader").GetBoolean()).GetProperty("pid").GetInt32();
        await using var second = line.Start("run", reading, "Read to me.");
        await second.UntilSaidAsync("barometer");

        using (var process = Process.GetProcessById(agent)) process.Kill();
        var ended = await first.EndAsync();
        await second.UntilSaidAsync("middle watch");

        Assert.Equal(ExitCode.Interrupted, ended.Exit);
        Assert.False(second.Process.HasExited);
    }

    // What a host makes for a newcomer belongs into no home of a person.
    private static CommandLine InAHomeOfItsOwn()
    {
        var line = new CommandLine();
        line.Environment["HOME"] = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(line.Work)!, "home")).FullName;
        line.Environment["XDG_CONFIG_HOME"] = Path.Combine(line.Environment["HOME"], ".config");
        return line;
    }

    private static async Task<string> LinkAsync(Running host)
    {
        await host.UntilSaidAsync("Ctrl-C");
        return await host.UntilLineAsync(text => text.StartsWith("http://", StringComparison.Ordinal));
    }

    private static async Task SetUpAsync(CommandLine line, string link)
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(line.Data, cancellationToken) });
        var answer = await client.PostAsJsonAsync(
            "http://localhost/api/v1/account/setup", new { code = link[(link.IndexOf("code=", StringComparison.Ordinal) + 5)..], name = "alice", password = "correct horse battery" }, CommandLine.Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(CommandLine.Cancellation));
    }

    private static async ValueTask<Stream> ConnectAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(data.HostSocket), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
