using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace OpAgent.Benchmarks;

/// <summary>The runtime as native code with nothing to do for a minute: what is resident, and how much processor time it takes.</summary>
internal static class IdleRuntime
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5), Time = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(HostUnderTest host)
    {
        var directory = Directory.CreateTempSubdirectory("opagent-idle-").FullName;
        try
        {
            var project = Path.Combine(SourceRoot(), "src/OpAgent.Runtime");
            using (var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "--use-current-runtime", "-v", "q", "--nologo", "--disable-build-servers", "-p:UseArtifactsOutput=true", $"-p:ArtifactsPath={directory}/native"]) { RedirectStandardOutput = true })!)
            {
                await publish.StandardOutput.ReadToEndAsync();
                await publish.WaitForExitAsync();
                if (publish.ExitCode != 0) throw new InvalidOperationException("The runtime does not publish as native code.");
            }

            var program = Directory.EnumerateFiles(Path.Combine(directory, "native/publish"), "opagent-runtime", SearchOption.AllDirectories).Single();
            using var runtime = Process.Start(new ProcessStartInfo(program, ["serve"]) { RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["OPAGENT_RUNTIME_HOME"] = Path.Combine(directory, "home") } })!;
            await Pause.OfAsync(Warm);
            var before = Processor(runtime.Id);
            await Pause.OfAsync(Time);
            Console.WriteLine($"idle-runtime: {IdleMemory.Resident(runtime.Id):0.0} MB resident (aim: 30), {(Processor(runtime.Id) - before) / Time.TotalSeconds:0.00} % CPU over {Time.TotalSeconds:0} s (aim: 0)");
            runtime.Kill();
            await runtime.WaitForExitAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Processor time taken so far, in hundredths of a second as the kernel counts it.</summary>
    private static long Processor(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static string SourceRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));
}
