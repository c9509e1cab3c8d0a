using System.Diagnostics;
using System.Text.Json;
using OpAgent.Client;

namespace OpAgent.Tests.Deployment;

/// <summary>Host and runtime as their units start and end them, where no systemd runs.</summary>
public sealed class UnitsTests
{
    [Fact]
    public async Task HostUnit_KilledInTheMiddleOfATurn_StopsNothing()
    {
        await using var line = new CommandLine();
        await using var runtime = UnitProcess.Start(UnitFile.Runtime, line.Home);
        string conversation, file;
        await using (var host = await StartHostAsync(line))
        {
            (conversation, file) = await BeginTurnAsync(line, "say one\nwrite began x\nwait-file go\nsay two");
            await UntilAsync(() => File.Exists(Path.Combine(line.Work, "began")), "the agent works");

            await host.KillAllAsync();
        }

        Assert.False(runtime.HasExited);
        line.Write("go", "");
        await UntilAsync(() => File.ReadAllText(file).Contains("\"stop\":\"end_turn\"", StringComparison.Ordinal), "the turn's end stands in the file");
        Assert.False(await HostClient.IsReadyAsync(line.Data, CommandLine.Cancellation));
        Assert.Contains("two", await File.ReadAllTextAsync(file, CommandLine.Cancellation));

        await using var again = await StartHostAsync(line);
        using var client = new HostClient(line.Data);
        Assert.Contains("two", (await client.GetAsync($"conversations/{conversation}", CommandLine.Cancellation)).Json);
        Assert.False(runtime.HasExited);
    }

    [Fact]
    public async Task RuntimeUnit_StoppedInTheMiddleOfATurn_EndsItsAgentsAndTheTurn()
    {
        await using var line = new CommandLine();
        await using var runtime = UnitProcess.Start(UnitFile.Runtime, line.Home);
        await using var host = await StartHostAsync(line);
        var (_, file) = await BeginTurnAsync(line, "spawn-child 1000\nwrite began x\nhang");
        await UntilAsync(() => File.Exists(Path.Combine(line.Work, "began")), "the agent works");
        using var client = new HostClient(line.Data);
        var processes = JsonElement.Parse((await client.GetAsync("processes", CommandLine.Cancellation)).Json).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("pid").GetInt32()).ToList();

        var (exit, left) = await runtime.StopAsync();

        Assert.Equal(0, exit);
        Assert.Empty(left);
        Assert.True(processes.Count >= 2);
        Assert.All(processes, pid => Assert.False(Directory.Exists($"/proc/{pid}")));
        Assert.Matches("\"stop\":\"(interrupted|cancelled)\"", await File.ReadAllTextAsync(file, CommandLine.Cancellation));
    }

    [Fact]
    public async Task HostUnit_WithoutTheRuntimesUnit_StartsNoneAndSaysWhatToStart()
    {
        await using var line = new CommandLine();
        await using var host = await StartHostAsync(line);
        using var client = new HostClient(line.Data);

        var machine = JsonElement.Parse((await client.GetAsync("machines/local", CommandLine.Cancellation)).Json);

        Assert.Equal("offline", machine.GetProperty("state").GetString());
        Assert.Contains($"systemctl start opagent-runtime@{Environment.UserName}", machine.GetProperty("error").GetString());
        Assert.False(Directory.Exists(line.Data.RuntimeHome));

        await using var runtime = UnitProcess.Start(UnitFile.Runtime, line.Home);
        await UntilAsync(() => client.GetAsync("machines/local", CommandLine.Cancellation).Result.Json.Contains("\"online\"", StringComparison.Ordinal), "the host has found the runtime");
    }

    private static async Task<UnitProcess> StartHostAsync(CommandLine line)
    {
        var host = UnitProcess.Start(UnitFile.Host, line.Home);
        await UntilAsync(() => HostClient.IsReadyAsync(line.Data, CommandLine.Cancellation).Result, "the host is ready");
        return host;
    }

    private static async Task<(string Conversation, string File)> BeginTurnAsync(CommandLine line, string script)
    {
        await line.BindScriptedAsync();
        using var client = new HostClient(line.Data);
        var workspace = JsonElement.Parse((await client.GetAsync("workspaces", CommandLine.Cancellation)).Json).GetProperty("items")[0].GetProperty("id").GetString();
        var conversation = JsonElement.Parse((await client.PostAsync($"workspaces/{workspace}/conversations", new { title = "Unit" }, CommandLine.Cancellation)).Json);
        var id = conversation.GetProperty("id").GetString()!;
        await client.PostAsync($"conversations/{id}/turns", new { text = script }, CommandLine.Cancellation);
        return (id, conversation.GetProperty("file").GetString()!);
    }

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < CommandLine.Limit, $"Waited in vain until {what}.");
            await Task.Yield();
        }
    }
}
