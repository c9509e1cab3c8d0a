using System.Text;
using CsCheck;

namespace OpAgent.Acp.Tests.Connections;

public sealed class ClientUpdateTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Prompt_UpdatesBeforeTheAnswer_AllAreHandledWhenItCompletes()
    {
        await using var harness = new ClientHarness();
        for (var turn = 0; turn < 20; turn++)
        {
            harness.Client.Updates.Clear();
            var prompt = harness.Connection.PromptAsync(new PromptRequest("s1", [new TextContent("hi")]), None);
            var id = (await harness.Agent.ReadAsync())["id"]!.ToJsonString();
            var updates = Enumerable.Range(0, 200).Select(i => Lines.Update($"{i}"));
            await harness.Agent.SendAsync([.. updates, Lines.Result(id, """{"stopReason":"end_turn"}"""), Lines.Update("late")]);
            var answer = await prompt.Soon();
            Assert.Equal("end_turn", answer.StopReason);
            Assert.Equal(Enumerable.Range(0, 200).Select(i => Lines.Chunk($"{i}")), harness.Client.Updates.Take(200));
        }
    }

    [Fact]
    public void Update_LinesCutAnywhere_ArriveVerbatimAndInOrder() => Gen.Select(
        Gen.String[Gen.Char['a', 'z'], 0, 40].Array[1, 30],
        Gen.Int[1, 50].Array[1, 200]).Sample((texts, cuts) =>
    {
        // Chunks end in the middle of lines, characters and line ends; lines are longer than the shortest limit that holds them.
        var bytes = Encoding.UTF8.GetBytes(string.Concat(texts.Select((text, i) => Lines.Update($"{text} é😀 {i}") + (i % 3 is 0 ? "\r\n" : "\n"))));
        var client = new RecordingClient();
        var connection = new AcpClientConnection(new CutStream(bytes, cuts), Stream.Null, client);
        connection.Start();
        connection.Completion.Wait();
        Assert.Equal(texts.Select((text, i) => Lines.Chunk($"{text} é😀 {i}")), client.Updates);
        Assert.Empty(client.Junk);
    }, iter: 200);

    [Fact]
    public async Task Update_LastLineWithoutLineEnd_IsHandled()
    {
        await using var harness = new ClientHarness();
        await harness.Agent.SendAsync(Encoding.UTF8.GetBytes(Lines.Update("last")));
        await harness.EndAsync();
        Assert.Equal([Lines.Chunk("last")], harness.Client.Updates);
    }

    [Fact]
    public async Task Update_EscapedNames_AreUnderstood()
    {
        await using var harness = new ClientHarness();
        await harness.Agent.SendAsync(
            """{"params":{"upd\u0061te":{"sessionUpdate":"x"},"sessionId":"s\u0031\u00e9"},"m\u0065thod":"session\/upd\u0061te","jsonrpc":"2.0"}""");
        await harness.EndAsync();
        Assert.Equal("s1é", Assert.Single(harness.Client.Sessions));
        Assert.Equal("""{"sessionUpdate":"x"}""", Assert.Single(harness.Client.Updates));
    }

    [Fact]
    public async Task Update_ByteOrderMarkBlankLinesAndSpaces_AreTolerated()
    {
        await using var harness = new ClientHarness();
        await harness.Agent.SendAsync($"\uFEFF{Lines.Update("a")}", "", "  \t", $"  {Lines.Update("b")} \r");
        await harness.EndAsync();
        Assert.Equal([Lines.Chunk("a"), Lines.Chunk("b")], harness.Client.Updates);
        Assert.Equal(0, harness.Connection.JunkLines);
    }

    [Fact]
    public async Task Update_HandlerThrows_TheNextIsHandled()
    {
        var failures = new List<Exception>();
        var handled = 0;
        var client = new RecordingClient { Updating = () => handled++ is 0 ? throw new InvalidOperationException("broken") : 0 };
        await using var harness = new ClientHarness(client, new AcpConnectionOptions { HandlerFailed = (_, error) => failures.Add(error) });
        await harness.Agent.SendAsync(Lines.Update("a"), Lines.Update("b"));
        await harness.EndAsync();
        Assert.Equal("broken", Assert.Single(failures).Message);
        Assert.Equal([Lines.Chunk("b")], client.Updates);
    }

    [Fact]
    public async Task BatchEnd_SeveralLinesAtOnce_ComesOnceAfterAllOfThem()
    {
        await using var harness = new ClientHarness();
        await harness.Agent.SendAsync(Lines.Update("a"), Lines.Update("b"), Lines.Update("c"));
        await harness.EndAsync();
        Assert.Equal([3], harness.Client.UpdatesAtBatchEnd);
    }

    [Fact]
    public async Task Notification_Unknown_IsIgnored()
    {
        await using var harness = new ClientHarness();
        await harness.Agent.SendAsync(Lines.Notification("_vendor/thing", """{"a":1}"""), Lines.Notification("$/progress", "[]"));
        await harness.EndAsync();
        Assert.Empty(harness.Client.Updates);
        Assert.Equal(0, harness.Connection.JunkLines);
    }

    /// <summary>Gives its bytes in pieces of the given sizes, over and over.</summary>
    private sealed class CutStream(byte[] bytes, int[] cuts) : MemoryStream(bytes)
    {
        private int _next;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_next % 7 is 0) await Task.Yield();
            var length = Math.Min(buffer.Length, cuts[_next++ % cuts.Length]);
            return await base.ReadAsync(buffer[..length], cancellationToken);
        }
    }
}
