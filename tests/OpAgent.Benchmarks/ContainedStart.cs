using OpAgent.Runtime.Processes;

namespace OpAgent.Benchmarks;

/// <summary>From asking for a process to its first byte: with namespaces and a view of the file system as agents get them, against without.</summary>
internal static class ContainedStart
{
    private const int Rounds = 200;

    public static async Task RunAsync(HostUnderTest host)
    {
        using var supervisor = new ProcessSupervisor();
        var (contained, bare) = (new Sample(), new Sample());
        for (var round = -10; round < Rounds; round++)
        {
            var with = await StartAsync(supervisor, new Isolation(View(host), Network: true));
            var without = await StartAsync(supervisor, isolation: null);
            if (round < 0) continue;
            contained.Add(with);
            bare.Add(without);
        }

        Console.WriteLine($"contained-start: {contained.Median:0.0} ms in namespaces with {View(host).Entries.Count()} masks and binds, {bare.Median:0.0} ms without; costs {contained.Median - bare.Median:0.0} ms (aim: at most 10)");
    }

    private static FileView View(HostUnderTest host)
    {
        var view = new FileView().Set("/", Visibility.ReadOnly);
        foreach (var hidden in new[] { "/home", "/root", "/run", "/etc/shadow", "/etc/ssl/private" }.Where(Path.Exists)) view.Set(hidden, Visibility.Hidden);
        return view.Set(host.Workspace, Visibility.Writable);
    }

    private static async Task<double> StartAsync(ProcessSupervisor supervisor, Isolation? isolation)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        await using var child = await supervisor.StartAsync(new ProcessSpec("/bin/echo", ["ready"], "/", new Dictionary<string, string>()) { Isolation = isolation });
        await child.StandardOutput.ReadExactlyAsync(new byte[1]);
        return System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
