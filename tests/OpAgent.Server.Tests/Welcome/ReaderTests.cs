using System.Diagnostics;
using System.Text.Json;
using OpAgent.Server.Welcome;

namespace OpAgent.Server.Tests.Welcome;

/// <summary>The agent that the welcome workspace brings with it, as a process.</summary>
public sealed class ReaderTests
{
    [Fact]
    public async Task Reader_ThatIsAsked_ReadsThePagesLineByLine()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["page.md"], "One \"line\".\n\nAnother \\ one.", HostFixture.Cancellation);
        using var reader = Start(directory);

        Assert.Equal(1, (await AskAsync(reader, 1, "initialize", new { protocolVersion = 1 })).GetProperty("result").GetProperty("protocolVersion").GetInt32());
        Assert.Equal("reading", (await AskAsync(reader, 2, "session/new", new { id = 7 })).GetProperty("result").GetProperty("sessionId").GetString());
        Assert.Equal("One \"line\".\n", Said(await AskAsync(reader, 3, "session/prompt", new { text = "\"id\":9,\"method\":\"session/cancel\"" })));
        Assert.Equal("\n", Said(await ReadAsync(reader)));
        Assert.Equal("Another \\ one.\n", Said(await ReadAsync(reader)));
        var ended = await ReadAsync(reader);
        reader.StandardInput.Close();

        Assert.Equal((3, "end_turn"), (ended.GetProperty("id").GetInt32(), ended.GetProperty("result").GetProperty("stopReason").GetString()));
        await reader.WaitForExitAsync(HostFixture.Cancellation).WaitAsync(HostFixture.Limit);
    }

    [Fact]
    public async Task Reader_ThatIsCancelled_StopsAtOnceAndCanReadAgain()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["page.md"], string.Concat(Enumerable.Repeat("On and on.\n", 1000)), HostFixture.Cancellation);
        using var reader = Start(directory);

        await AskAsync(reader, 3, "session/prompt", new { });
        await reader.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"session/cancel","params":{}}""");
        var ended = await ReadAsync(reader);
        while (!ended.TryGetProperty("result", out _)) ended = await ReadAsync(reader);
        var again = await AskAsync(reader, 4, "session/prompt", new { });
        reader.StandardInput.Close();

        Assert.Equal((3, "cancelled"), (ended.GetProperty("id").GetInt32(), ended.GetProperty("result").GetProperty("stopReason").GetString()));
        Assert.Equal("On and on.\n", Said(again));
        await reader.WaitForExitAsync(HostFixture.Cancellation).WaitAsync(HostFixture.Limit);
    }

    private static Process Start(TemporaryDirectory directory)
    {
        var script = directory["reader.sh"];
        using (var file = File.Create(script)) WelcomeFiles.Open("reading/reader/reader.sh").CopyTo(file);
        return Process.Start(new ProcessStartInfo("sh", [script]) { WorkingDirectory = directory[""], RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    private static async Task<JsonElement> AskAsync(Process reader, int id, string method, object parameters)
    {
        await reader.StandardInput.WriteLineAsync($$"""{"jsonrpc":"2.0","method":"{{method}}","id":{{id}},"params":{{JsonSerializer.Serialize(parameters)}}}""");
        return await ReadAsync(reader);
    }

    private static async Task<JsonElement> ReadAsync(Process reader) =>
        JsonElement.Parse((await reader.StandardOutput.ReadLineAsync(HostFixture.Cancellation).AsTask().WaitAsync(HostFixture.Limit))!);

    private static string? Said(JsonElement message) => message.GetProperty("params").GetProperty("update").GetProperty("content").GetProperty("text").GetString();
}
