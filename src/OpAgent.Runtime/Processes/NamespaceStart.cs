using System.Text;
using System.Text.Json;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Processes;

/// <summary>What bubblewrap and its starter tell each other before the program starts: which process is the first of the namespace, and that it may go on.</summary>
/// <param name="report">Is told the id of the namespace's first process.</param>
/// <param name="go">Lets it go on.</param>
internal sealed class NamespaceStart(PipeStream report, PipeStream go) : IDisposable
{
    private const string OutOfMemoryScore = "300";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(0.2);

    /// <summary>Waits for the namespace and starts the program in it.</summary>
    /// <param name="parent">Bubblewrap's own process.</param>
    /// <exception cref="IOException">There is no namespace, or the program ended before it could be seen.</exception>
    public async Task<NamespaceTree> CompleteAsync(ChildProcess parent)
    {
        using var limit = new CancellationTokenSource(Limit);
        var init = await ReadInitAsync(limit.Token).ConfigureAwait(false);
        var handle = PidFd.Open(init) ?? throw new IOException("its namespace ended while it was made");
        try
        {
            // Under memory pressure agents go before the runtime and what else their user runs.
            File.WriteAllText($"/proc/{init}/oom_score_adj", OutOfMemoryScore);
            await go.WriteAsync("1"u8.ToArray(), limit.Token).ConfigureAwait(false);
            return new NamespaceTree(parent.SpawnedPid, init, handle, await FindLeaderAsync(init, parent, limit.Token).ConfigureAwait(false));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        report.Dispose();
        go.Dispose();
    }

    private async Task<int> ReadInitAsync(CancellationToken cancellationToken)
    {
        var text = new MemoryStream();
        await report.CopyToAsync(text, cancellationToken).ConfigureAwait(false);
        if (text.Length == 0) throw new IOException("bubblewrap could not make its namespaces");
        using var document = JsonDocument.Parse(text.ToArray());
        return document.RootElement.GetProperty("child-pid").GetInt32();
    }

    // The namespace's first process starts the program as its first child, within a fraction of a millisecond.
    private static async Task<int> FindLeaderAsync(int init, ChildProcess parent, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (ProcessStatus.ChildrenOf(init) is [var leader, ..]) return leader;
            // So quick that nobody saw it; its exit is known all the same.
            if (parent.Spawned.IsCompleted) return init;
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
