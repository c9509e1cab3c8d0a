using System.Diagnostics;

namespace OpAgent.Benchmarks;

/// <summary>The floor: starts an agent, says the least that ACP needs, and waits for the first update.</summary>
internal static class MinimalClient
{
    public static async Task<double> FirstUpdateAsync(string agent, string directory, string script)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(agent) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = directory })!;
        await SendAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":1}}""");
        await process.StandardOutput.ReadLineAsync();
        await SendAsync($$$"""{"jsonrpc":"2.0","id":2,"method":"session/new","params":{"cwd":"{{{directory}}}","mcpServers":[]}}""");
        var session = System.Text.Json.Nodes.JsonNode.Parse((await process.StandardOutput.ReadLineAsync())!)!["result"]!["sessionId"];
        await SendAsync($$$"""{"jsonrpc":"2.0","id":3,"method":"session/prompt","params":{"sessionId":"{{{session}}}","prompt":[{"type":"text","text":"{{{script}}}"}]}}""");
        await process.StandardOutput.ReadLineAsync();
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return elapsed;

        async Task SendAsync(string line)
        {
            await process.StandardInput.WriteLineAsync(line);
            await process.StandardInput.FlushAsync();
        }
    }
}
