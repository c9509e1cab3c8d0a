using OpAgent.Benchmarks;

// Each measurement prints a ratio against a floor that was measured in the same run. Nothing here fails a build.
//   dotnet run --project tests/OpAgent.Benchmarks -c Release [-- name…]
if (args is [BareHub.Argument])
{
    await BareHub.RunAsync();
    return;
}

if (args is [BareHost.Argument])
{
    await BareHost.RunAsync();
    return;
}

var measurements = new (string Name, Func<HostUnderTest, Task> Run)[]
{
    ("first-update", FirstUpdate.RunAsync),
    ("chunk-latency", ChunkLatency.RunAsync),
    ("ingest", Ingest.RunAsync),
    ("ingest-ratio", IngestRatio.RunAsync),
    ("contained-start", ContainedStart.RunAsync),
    ("respawn", Respawn.RunAsync),
    ("flood", Flood.RunAsync),
    ("idle-runtime", IdleRuntime.RunAsync),
    ("idle-conversations", IdleConversations.RunAsync),
    ("idle-memory", IdleMemory.RunAsync),
    ("first-page", FirstPage.RunAsync),
    ("page-stream", PageStream.RunAsync),
    ("page-memory", PageMemory.RunAsync),
    ("page-crowd", PageCrowd.RunAsync),
};
await using var host = await HostUnderTest.StartAsync();
foreach (var (name, run) in measurements)
{
    if (args.Length == 0 || args.Contains(name)) await run(host);
}
