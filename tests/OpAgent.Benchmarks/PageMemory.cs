using System.Diagnostics;

namespace OpAgent.Benchmarks;

/// <summary>A fresh host's memory with one idle page, against a bare Blazor Server and MudBlazor host's.</summary>
internal static class PageMemory
{
    public static async Task RunAsync(HostUnderTest _)
    {
        await using var visitor = await Visitor.StartAsync();
        await using var host = await HostUnderTest.StartAsync();
        await visitor.SignInAsync(host);
        var ours = IdleMemory.Resident(host.Pid);

        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [BareHost.Argument]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var address = await process.StandardOutput.ReadLineAsync();
        var page = await visitor.OpenAsync();
        await page.GotoAsync(address!);
        await page.Locator("#ready").WaitForAsync();
        var bare = IdleMemory.Resident(process.Id);
        process.StandardInput.Close();
        await process.WaitForExitAsync();

        Console.WriteLine($"page-memory: OpAgent {ours:0} MB, bare Blazor Server and MudBlazor {bare:0} MB; ratio {ours / bare:0.00} (aim: at most 2)");
    }
}
