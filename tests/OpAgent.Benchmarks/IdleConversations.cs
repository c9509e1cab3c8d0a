using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OpAgent.Benchmarks;

/// <summary>100 conversations whose agents have nothing to do: which processes start, and what the runtime sends over its connections.</summary>
internal static partial class IdleConversations
{
    private const int Count = 100;
    private static readonly TimeSpan Time = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(HostUnderTest host)
    {
        var conversations = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            conversations.Add(await host.CreateConversationAsync());
            await host.RunTurnAsync(conversations[^1], "say hello");
        }

        var before = Descendants(host.RuntimePid);
        var sent = await SentAsync(host.RuntimePid);
        var started = Descendants(host.RuntimePid).Except(before).Count();
        Console.WriteLine($"idle-conversations: {Count} of them started {started} processes in {Time.TotalMinutes:0} minutes and sent {sent} (aim: none, and nothing but what keeps the connection alive)");
        foreach (var conversation in conversations) await host.StopAsync(conversation);
    }

    /// <summary>What the process sends over sockets, by its system calls.</summary>
    private static async Task<string> SentAsync(int pid)
    {
        try
        {
            using var trace = Process.Start(new ProcessStartInfo("strace", ["-f", "-qq", "-e", "trace=sendmsg,sendto", "-e", "signal=none", "-p", pid.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
            var output = trace.StandardError.ReadToEndAsync();
            await Pause.OfAsync(Time);
            using (var stop = Process.Start("kill", ["-INT", trace.Id.ToString(CultureInfo.InvariantCulture)])) await stop.WaitForExitAsync();
            var sizes = Result().Matches(await output).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
            return $"{sizes.Sum():N0} bytes in {sizes.Count} messages";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            await Pause.OfAsync(Time);
            return "an unknown amount: install strace to count it";
        }
    }

    private static HashSet<int> Descendants(int ancestor)
    {
        var parents = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).ToDictionary(pid => pid, ParentOf);
        return [.. parents.Keys.Where(pid => IsBelow(pid))];

        bool IsBelow(int pid) => parents.TryGetValue(pid, out var parent) && parent > 0 && (parent == ancestor || IsBelow(parent));
    }

    private static int ParentOf(int pid)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    [GeneratedRegex(@"\) += (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Result();
}
