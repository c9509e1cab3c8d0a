using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OpAgent.Ui.Tests.Assets;

/// <summary>The page's own script for drafts, run by node with a storage that holds little.</summary>
public sealed class DraftTests
{
    private const string Storage = """
        const kept = new Map(), Most = 100;
        globalThis.localStorage = {
          getItem: name => kept.get(name) ?? null,
          removeItem: name => kept.delete(name),
          setItem(name, text) { if (text.length > Most) throw new Error("QuotaExceededError"); kept.set(name, text); },
        };
        """;

    [Fact]
    public async Task Draft_ThatTheBrowserCannotKeep_IsSaidAndNotThrown() => Assert.Equal("true false true sent", await RunAsync("""
        const first = keepDraft("c/1", "short"), long = keepDraft("c/1", "x".repeat(1000));
        const old = readDraft("c/1") === "", id = beginSending("c/1", "x".repeat(1000), []);
        endSending("c/1");
        console.log(first, long, old, id ? "sent" : "");
        """));

    [Fact]
    public async Task Message_SentAgain_HasTheSameId() => Assert.Equal("true false", await RunAsync("""
        const id = beginSending("c/1", "hello", ["a.md"]);
        console.log(id === beginSending("c/1", "hello", ["a.md"]), id === beginSending("c/1", "hello", []));
        """));

    private static async Task<string> RunAsync(string script)
    {
        var start = new ProcessStartInfo("node", ["--input-type=module", "-"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync($"""
            {Storage}
            const data = "data:text/javascript," + encodeURIComponent(`{File.ReadAllText(Script()).Replace("\\", "\\\\").Replace("`", "\\`").Replace("$", "\\$")}`);
            const {"{ keepDraft, readDraft, beginSending, endSending }"} = await import(data);
            {script}
            """);
        node.StandardInput.Close();
        var error = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await error);
        return said.Trim();
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../../wwwroot-assets/js/drafts.js");
}
