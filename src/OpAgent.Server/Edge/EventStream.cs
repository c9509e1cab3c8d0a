using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpAgent.Server.Edge;

/// <summary>
/// Answers with server-sent events: everything that is there goes out in one flush, and a comment keeps a quiet connection open. A reader that
/// takes nothing for too long is cut off and comes back by number.
/// </summary>
internal sealed class EventStream(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<EventStream> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    // A large event may take longer, at this rate; one that is slower never catches up.
    private const double LeastBytesPerSecond = 8 * 1024;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private const int LargestBatch = 64 * 1024;

    private static ReadOnlySpan<byte> Comment => ": \n\n"u8;

    /// <summary>Writes until the events end, the client leaves or the host stops.</summary>
    public async Task WriteAsync<T>(HttpContext context, IAsyncEnumerable<T> source, Action<IBufferWriter<byte>, T> format)
    {
        using var tooSlow = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, tooSlow.Token);
        // An end in good order would wait behind what is not taken.
        await using var cut = tooSlow.Token.UnsafeRegister(static call => ((HttpContext)call!).Abort(), context);
        Prepare(context);
        try
        {
            await PumpAsync(context.Response.BodyWriter, source, format, stop, tooSlow);
        }
        catch (Exception exception) when (stop.IsCancellationRequested && exception is OperationCanceledException or RpcException)
        {
            // The reader comes back by number, here or at another host.
            if (tooSlow.IsCancellationRequested) logger.ReaderCutOff(context.Request.Path);
        }
    }

    private async Task PumpAsync<T>(PipeWriter writer, IAsyncEnumerable<T> source, Action<IBufferWriter<byte>, T> format, CancellationTokenSource stop, CancellationTokenSource tooSlow)
    {
        using var heartbeat = new PeriodicTimer(Heartbeat, time);
        await using var items = source.GetAsyncEnumerator(stop.Token);
        var next = items.MoveNextAsync().AsTask();
        var beat = heartbeat.WaitForNextTickAsync(stop.Token).AsTask();
        try
        {
            writer.Write(Comment);
            while (true)
            {
                if (!next.IsCompleted)
                {
                    await FlushAsync(writer, stop, tooSlow);
                    await Task.WhenAny(next, beat);
                    if (!beat.IsCompleted) continue;
                    await beat;
                    writer.Write(Comment);
                    beat = heartbeat.WaitForNextTickAsync(stop.Token).AsTask();
                    continue;
                }

                if (!await next) break;
                format(writer, items.Current);
                if (writer.UnflushedBytes > LargestBatch) await FlushAsync(writer, stop, tooSlow);
                next = items.MoveNextAsync().AsTask();
            }

            await FlushAsync(writer, stop, tooSlow);
        }
        finally
        {
            // An enumerator must not be disposed while it moves.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async ValueTask FlushAsync(PipeWriter writer, CancellationTokenSource stop, CancellationTokenSource tooSlow)
    {
        var bytes = writer.UnflushedBytes;
        var flushing = writer.FlushAsync(stop.Token);
        if (!flushing.IsCompletedSuccessfully) tooSlow.CancelAfter(Patience + TimeSpan.FromSeconds(bytes / LeastBytesPerSecond));
        await flushing;
        tooSlow.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    private static void Prepare(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/event-stream";
        headers.CacheControl = "no-cache, no-store";
        headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // A conversation may be silent for hours.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}
