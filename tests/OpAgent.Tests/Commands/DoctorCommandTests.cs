using System.Diagnostics;
using System.Text.Json;
using OpAgent.Server;

namespace OpAgent.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public async Task Doctor_WhereNothingRuns_StartsNothingAndMakesNothing()
    {
        await using var line = new CommandLine();

        var report = await line.JsonAsync("doctor");
        var said = await line.RunAsync("doctor");

        Assert.False(Directory.Exists(line.Data.Path));
        Assert.Equal(["data", "disk", "host", "runtime", "bubblewrap", "cgroups", "logout", "inotify", "git", "node", "python3", "clock"], report.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("check").GetString()));
        Assert.All(report.GetProperty("items").EnumerateArray(), item => Assert.Equal(item.GetProperty("level").GetString() == "ok", item.GetProperty("remedy").ValueKind == JsonValueKind.Null));
        Assert.Contains("No host runs", Says(report, "host"));
        Assert.Contains("No runtime runs", Says(report, "runtime"));
        Assert.StartsWith("no problems", said.Out.TrimEnd().Split('\n')[^1]);
    }

    [Fact]
    public async Task Doctor_WhereAHostRuns_SaysWhereAndHowTheRuntimeIs()
    {
        await using var line = new CommandLine();
        await line.RunAsync("ps");

        var report = await line.JsonAsync("doctor");

        Assert.True(report.GetProperty("healthy").GetBoolean());
        Assert.Contains($"The host {HostVersion.Text} runs, process {line.Host().Id}, on http://127.0.0.1:", Says(report, "host"));
        Assert.Contains($"The runtime {HostVersion.Text} runs, process ", Says(report, "runtime"));
        Assert.StartsWith("The runtime says: ", Says(report, "containment"));
        Assert.Contains("closed to others", Says(report, "data"));
    }

    [Fact]
    public async Task Doctor_OfDataThatOthersMayRead_Warns()
    {
        await using var line = new CommandLine();
        Directory.CreateDirectory(line.Data.Path);
        File.SetUnixFileMode(line.Data.Path, (UnixFileMode)0x1ED);

        var said = await line.RunAsync("doctor");

        Assert.Equal(0, said.Exit);
        Assert.Contains($"Others may look into {line.Data.Path}, where accounts and tokens are kept (mode 755).", said.Out);
        Assert.Contains($"chmod 700 {line.Data.Path}", said.Out);
    }

    [Fact]
    public async Task Doctor_OfDataThatCannotBeThere_EndsWithAnError()
    {
        await using var line = new CommandLine();
        line.Environment[Server.Storage.DataDirectory.Variable] = Path.Combine(line.Write("file", ""), "opagent");

        var report = await line.RunAsync("doctor", "--json");

        Assert.Equal(1, report.Exit);
        Assert.False(JsonElement.Parse(report.Out).GetProperty("healthy").GetBoolean());
        Assert.Contains($"cannot be made: {Path.Combine(line.Work, "file")} is a file", Says(JsonElement.Parse(report.Out), "data"));
    }

    [Fact]
    public async Task Doctor_OfARuntimeThatHangs_SaysSoInTime()
    {
        await using var line = new CommandLine();
        await line.RunAsync("ps");
        using var client = new Client.HostClient(line.Data);
        var pid = JsonElement.Parse((await client.GetAsync("machines/local", CommandLine.Cancellation)).Json).GetProperty("runtimePid").GetInt32();
        await SignalAsync("STOP", pid);
        try
        {
            var report = await line.RunAsync("doctor", "--json");

            Assert.Equal(1, report.Exit);
            Assert.Contains("The runtime does not answer", Says(JsonElement.Parse(report.Out), "runtime"));
        }
        finally
        {
            await SignalAsync("CONT", pid);
        }
    }

    private static string Says(JsonElement report, string check) =>
        report.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("check").GetString() == check).GetProperty("says").GetString()!;

    private static async Task SignalAsync(string signal, int pid)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{pid}"]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }
}
