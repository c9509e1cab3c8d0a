using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OpAgent.Server.Storage;

namespace OpAgent.Tests.Hosting;

public sealed class HostTests
{
    [Fact]
    public async Task Serve_OnDataThatAHostHas_SaysWhoHasIt()
    {
        await using var line = new CommandLine();
        await line.RunAsync("ps");

        var said = await line.RunAsync("serve");
        var inJson = await line.RunAsync("serve", "--json");

        Assert.Equal((10, 10), (said.Exit, inJson.Exit));
        Assert.Equal("host-runs", JsonElement.Parse(inJson.Error).GetProperty("type").GetString());
        Assert.Contains($"process {HostAnnouncement.Read(line.Data)!.Pid}", said.Error);
        Assert.Contains("opagent stop", said.Error);
    }

    [Fact]
    public async Task Serve_WithoutACommand_IsTheSame()
    {
        await using var line = new CommandLine();
        await using var host = line.Start("--urls", "http://127.0.0.1:0");
        await host.UntilSaidAsync("Ctrl-C");

        var url = HostAnnouncement.Read(line.Data)!.Urls.Single();
        using var client = new HttpClient();
        Assert.Equal("yes", await client.GetStringAsync($"{url}/healthz/ready", CommandLine.Cancellation));
        await host.SignalAsync("TERM");

        Assert.Equal(0, (await host.EndAsync()).Exit);
        Assert.False(File.Exists(line.Data.HostFile) || File.Exists(line.Data.HostSocket));
    }

    [Fact]
    public async Task Serve_WhoseOrdinaryPortIsTaken_TakesAnother()
    {
        await using var line = new CommandLine();
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            taken.Bind(new IPEndPoint(IPAddress.Loopback, 5080));
            taken.Listen();
        }
        catch (SocketException)
        {
            // Somebody else has it, which is the same.
        }

        await line.RunAsync("ps");

        var url = new Uri(HostAnnouncement.Read(line.Data)!.Urls.Single());
        Assert.True(url.Host == "127.0.0.1" && url.Port != 5080);
        Assert.Contains("Port 5080 is taken", await File.ReadAllTextAsync(line.Data.HostLog, CommandLine.Cancellation));
    }

    [Fact]
    public async Task Serve_OnANamedPortThatIsTaken_SaysSo()
    {
        await using var line = new CommandLine();
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();

        var said = await line.RunAsync("serve", "--urls", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}");

        IsOneLine(said, "is taken by another program. Choose another with --urls");
    }

    [Theory]
    [InlineData(null, "HTTPS on port 0 needs a certificate that the host can read")]
    [InlineData("/nowhere/host.pem", "'/nowhere/host.pem'")]
    [InlineData("/etc/hostname", "Kestrel:Certificates:Default:Path")]
    public async Task Serve_WithoutAUsableCertificate_SaysSoInOneLine(string? certificate, string says)
    {
        await using var line = new CommandLine();
        // No certificate for developers in the user's home stands in.
        line.Environment["HOME"] = line.Work;
        if (certificate is not null) line.Environment["Kestrel__Certificates__Default__Path"] = certificate;

        IsOneLine(await line.RunAsync("serve", "--urls", "https://127.0.0.1:0"), says);
    }

    [Fact]
    public async Task Serve_OnADamagedDatabase_SaysSoInOneLineAlsoToWhoeverStartsAHost()
    {
        await using var line = new CommandLine();
        Directory.CreateDirectory(line.Data.Path);
        await File.WriteAllTextAsync(line.Data.Database, new string('x', 20_000), CommandLine.Cancellation);

        IsOneLine(await line.RunAsync("serve", "--urls", "http://127.0.0.1:0"), "is damaged");
        IsOneLine(await line.RunAsync("ps"), "is damaged");
    }

    [Theory]
    [InlineData("work/file/data", "work/file is a file")]
    [InlineData("/sys/opagent", "/sys/opagent")]
    public async Task Serve_WhoseDataCannotBeKept_SaysWhyInOneLine(string data, string says)
    {
        await using var line = new CommandLine();
        line.Write("file", "");
        line.Environment[DataDirectory.Variable] = data;

        IsOneLine(await line.RunAsync("serve"), says);
        IsOneLine(await line.RunAsync("ps"), says);
    }

    [Fact]
    public async Task Serve_OpenToOthersWithoutTls_IsRefused()
    {
        await using var line = new CommandLine();

        var said = await line.RunAsync("serve", "--urls", "http://0.0.0.0:0");

        Assert.Equal(2, said.Exit);
        Assert.Contains("--insecure-http", said.Error);
    }

    [Fact]
    public async Task Stop_OfTheHost_LeavesAgentsAlone()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();
        await line.RunAsync("run", line.Work, "say hello");
        var before = Agent(await line.JsonAsync("ps"));

        var stopped = await line.RunAsync("stop");
        var announced = HostAnnouncement.Read(line.Data);
        var again = await line.RunAsync("stop");

        Assert.Equal((0, 0), (stopped.Exit, again.Exit));
        Assert.Null(announced);
        Assert.Contains("Agents go on", stopped.Out);
        Assert.Contains("No host runs", again.Out);
        Assert.Equal(before, Agent(await line.JsonAsync("ps")));
    }

    [Fact]
    public async Task StopAll_WithoutAHost_EndsTheAgents()
    {
        await using var line = new CommandLine();
        await line.BindScriptedAsync();
        await line.RunAsync("run", line.Work, "say hello");
        var agent = Agent(await line.JsonAsync("ps"));
        await line.RunAsync("stop");

        var stopped = await line.JsonAsync("stop", "--all");

        Assert.Equal((false, true), (stopped.GetProperty("host").GetBoolean(), stopped.GetProperty("runtime").GetBoolean()));
        Assert.False(Directory.Exists($"/proc/{agent}"));
        Assert.False((await line.JsonAsync("stop", "--all")).GetProperty("runtime").GetBoolean());
    }

    [Fact]
    public async Task Start_OfManyCommandsAtOnce_StartsOneHost()
    {
        await using var line = new CommandLine();

        var said = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => line.RunAsync("ps")));

        Assert.All(said, one => Assert.Equal((0, ""), (one.Exit, one.Error)));
    }

    private static void IsOneLine(Said said, string says)
    {
        Assert.Equal((1, ""), (said.Exit, said.Out));
        Assert.Contains(says, Assert.Single(said.Error.TrimEnd('\n').Split('\n')));
        Assert.DoesNotContain("Something went wrong", said.Error);
    }

    private static int Agent(System.Text.Json.JsonElement processes) =>
        processes.GetProperty("items").EnumerateArray().Single(process => process.GetProperty("sessionLeader").GetBoolean()).GetProperty("pid").GetInt32();
}
