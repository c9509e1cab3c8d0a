namespace OpAgent.Benchmarks;

/// <summary>What 1,000 conversations that had a turn and whose agents have ended add to host and runtime.</summary>
internal static class IdleMemory
{
    private const int Count = 1000;

    public static async Task RunAsync(HostUnderTest host)
    {
        await HaveConversationAsync(host);
        var (hostBefore, runtimeBefore) = (Resident(host.Pid), Resident(host.RuntimePid));
        for (var i = 0; i < Count; i++) await HaveConversationAsync(host);
        Console.WriteLine($"idle-memory: {Count} idle conversations add {Resident(host.Pid) - hostBefore:0} MB to the host ({hostBefore:0} MB before), {Resident(host.RuntimePid) - runtimeBefore:0} MB to the runtime ({runtimeBefore:0} MB before) (aim: under 100 each)");
    }

    private static async Task HaveConversationAsync(HostUnderTest host)
    {
        var conversation = await host.CreateConversationAsync();
        await host.RunTurnAsync(conversation, "say hello");
        await host.StopAsync(conversation);
    }

    public static double Resident(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) / 1024;
    }
}
