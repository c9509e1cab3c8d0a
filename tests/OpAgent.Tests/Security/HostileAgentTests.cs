using System.Text.Json;
using OpAgent.Client;

namespace OpAgent.Tests.Security;

/// <summary>An agent against a real host: its socket, its command, its processes and its data.</summary>
public sealed class HostileAgentTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Agent_OfTheHost_GetsNothing(bool sandbox)
    {
        await using var line = new CommandLine();
        if (!sandbox) line.Environment["OPAGENT_SANDBOX"] = "none";
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "hostile"))) line.Write($"hostile/{Path.GetFileName(file)}", File.ReadAllText(file));
        line.Write(".opagent/workspace.yaml", "agent: ./hostile\n");
        var refused = await line.RunAsync("open", line.Work, "--trust");
        Assert.Equal(sandbox, refused.Exit == 0);
        if (!sandbox)
        {
            Assert.Contains("full rights", refused.Error);
            Assert.Contains("full rights", (await line.RunAsync("open", line.Work, "--trust", "--full-rights")).Out);
        }

        using var client = new HostClient(line.Data);
        var runtime = JsonElement.Parse((await client.GetAsync("machines/local", CommandLine.Cancellation)).Json).GetProperty("runtimePid").GetInt32();
        var targets = new Dictionary<string, object>
        {
            ["sockets"] = new[] { line.Data.HostSocket, Path.Combine(line.Data.RuntimeHome, "runtime.sock") },
            ["command"] = Path.Combine(AppContext.BaseDirectory, "opagent"),
            ["data"] = line.Data.Path,
            ["directory"] = false,
        };
        if (sandbox)
        {
            targets["pids"] = new[] { line.Host().Id, runtime };
            targets["files"] = new[] { Path.Combine(line.Data.Path, "opagent.db"), Path.Combine(line.Data.RuntimeHome, "machine-id") };
        }

        var said = await line.RunAsync("run", line.Work, JsonSerializer.Serialize(targets));

        Assert.Equal((0, "nothing"), (said.Exit, said.Out.Trim()));
        Assert.DoesNotContain("stolen", (await client.GetAsync("tokens", CommandLine.Cancellation)).Json);
    }
}
