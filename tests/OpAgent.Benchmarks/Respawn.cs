using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace OpAgent.Benchmarks;

/// <summary>From the kill of a process to its successor's first act: an agent's, for the next prompt, against a process manager that respawns the same command.</summary>
internal static class Respawn
{
    private const int Conversations = 12, Kills = 4, Floor = 30;

    // Says when it began; then it is the agent, which a process manager leaves alone.
    private const string Script = """
        date +%s%N >> STAMPS
        exec AGENT
        """;

    public static async Task RunAsync(HostUnderTest host)
    {
        var stamps = Path.Combine(host.Workspace, "stamps");
        host.AddAgent("stamping", Script.Replace("STAMPS", stamps, StringComparison.Ordinal).Replace("AGENT", host.Agent, StringComparison.Ordinal));
        var ours = await OursAsync(host, stamps);
        await using var pm2 = await ProcessManager.StartPm2Async(Script, host.Agent);
        var (other, name) = (await pm2.MeasureAsync(Floor), "PM2");
        Console.WriteLine($"respawn: OpAgent {ours}; {name} {other}; ratio {ours.Median / other.Median:0.00}, {ours.Median - other.Median:+0.0;-0.0} ms (aim: at most PM2's time and 4 ms)");
        if (ProcessManager.HasSupervise)
        {
            await using var supervise = ProcessManager.StartSupervise(Script, host.Agent);
            Console.WriteLine($"respawn: the floor, s6-supervise, {await supervise.MeasureAsync(Floor / 3)}");
        }
        else
        {
            Console.WriteLine("respawn: install Debian's package s6 to see the floor.");
        }
    }

    private static async Task<Sample> OursAsync(HostUnderTest host, string stamps)
    {
        var sample = new Sample();
        for (var i = 0; i < Conversations; i++)
        {
            // More kills than this in a minute are a crash loop.
            var conversation = await host.CreateConversationAsync("./stamping");
            for (var kill = 0; kill <= Kills; kill++)
            {
                var events = await host.RunTurnAsync(conversation, "say hello");
                if (kill == Kills) break;
                var pid = JsonElement.Parse(events.Last(item => item.Kind == "agent.started").Data).GetProperty("pid").GetInt32();
                var before = Stamps.Count(stamps);
                var killed = Stamps.Now();
                using (var agent = Process.GetProcessById(pid)) agent.Kill();
                await host.StartTurnAsync(conversation, "say again");
                sample.Add((await Stamps.NextAsync(stamps, before) - killed) / 1e6);
            }

            await host.StopAsync(conversation);
        }

        return sample;
    }
}
