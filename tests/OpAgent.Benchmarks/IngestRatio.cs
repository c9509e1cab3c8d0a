using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;

namespace OpAgent.Benchmarks;

/// <summary>From a pipe to parsed, numbered and in the journal, against a bare loop that only parses the same bytes from the same kind of pipe.</summary>
internal static class IngestRatio
{
    private const int Updates = 400_000, Rounds = 3;

    public static async Task RunAsync(HostUnderTest host)
    {
        var (file, agent) = PrintingAgent.Add(host, "updates", Enumerable.Range(0, Updates).Select(i => PrintingAgent.Chunk($"{i} ".PadRight(60, '.'))));
        var (ours, floor) = (new Sample(), new Sample());
        for (var round = -1; round < Rounds; round++)
        {
            var elapsed = await OursAsync(host, agent);
            var bare = await BareAsync(file);
            if (round < 0) continue;
            ours.Add(elapsed);
            floor.Add(bare);
        }

        Console.WriteLine($"ingest-ratio: OpAgent {Updates / ours.Median * 1000:N0}/s; bare PipeReader and Utf8JsonReader {Updates / floor.Median * 1000:N0}/s; ratio {floor.Median / ours.Median:0.00} (aim: at least 0.5)");
    }

    /// <summary>From the first update's time in the journal to the last one's, in milliseconds.</summary>
    private static async Task<double> OursAsync(HostUnderTest host, string agent)
    {
        // A new one each time: a journal keeps 256 MB.
        var conversation = await host.CreateConversationAsync(agent);
        var turn = await host.StartTurnAsync(conversation, "print");
        await host.UntilEndedAsync(conversation, turn);
        string first = "", last = "";
        await foreach (var (kind, data) in host.FollowAsync(conversation))
        {
            if (kind == "turn.started") first = "";
            if (kind == "turn.ended" && data.Contains(turn, StringComparison.Ordinal)) break;
            if (kind != "update") continue;
            if (first.Length == 0) first = data;
            last = data;
        }

        await host.StopAsync(conversation);
        return (At(last) - At(first)).TotalMilliseconds;
    }

    private static DateTimeOffset At(string data) => JsonElement.Parse(data).GetProperty("at").GetDateTimeOffset();

    private static async Task<double> BareAsync(string file)
    {
        using var process = Process.Start(new ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true })!;
        var reader = PipeReader.Create(process.StandardOutput.BaseStream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        var start = Stopwatch.GetTimestamp();
        var lines = 0;
        while (true)
        {
            var result = await reader.ReadAsync();
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var json = new Utf8JsonReader(buffer.Slice(0, end));
                while (json.Read())
                {
                }

                lines++;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) break;
        }

        if (lines != Updates) throw new InvalidDataException($"{lines} of {Updates} lines came.");
        await process.WaitForExitAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
