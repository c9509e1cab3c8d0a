using System.Text.Json;

namespace OpAgent.Benchmarks;

/// <summary>50,000 updates from one agent: in order, none missing, and how many a second reach the journal.</summary>
internal static class Ingest
{
    private const int Updates = 50_000, Rounds = 5;

    public static async Task RunAsync(HostUnderTest host)
    {
        var conversation = await host.CreateConversationAsync();
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await host.StartTurnAsync(conversation, $"chunks {Updates} 60");
            var ended = 0;
            var (next, expected) = (1L, 1);
            DateTimeOffset first = default, last = default;
            await foreach (var (kind, data) in host.FollowAsync(conversation))
            {
                using var line = JsonDocument.Parse(data);
                var root = line.RootElement;
                if (root.GetProperty("seq").GetInt64() != next++) throw new InvalidDataException($"Event {next - 1} is missing.");
                if (kind == "turn.ended" && ++ended > round) break;
                if (kind == "turn.started") expected = 1;
                if (kind != "update" || ended < round) continue;
                if (!root.GetProperty("update").GetProperty("content").GetProperty("text").GetString()!.StartsWith($"{expected++}.", StringComparison.Ordinal)) throw new InvalidDataException($"Chunk {expected - 1} is out of order.");
                last = root.GetProperty("at").GetDateTimeOffset();
                if (first == default) first = last;
            }

            if (expected != Updates + 1) throw new InvalidDataException($"{Updates + 1 - expected} chunks are missing.");
            rates.Add(Updates / (last - first).TotalSeconds);
        }

        await host.StopAsync(conversation);
        Console.WriteLine($"ingest: {string.Join(", ", rates.Select(rate => $"{rate:N0}/s"))} into the journal, in order, none missing (aim: 100,000/s; the first includes just-in-time compilation)");
    }
}
