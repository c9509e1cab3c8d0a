using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OpAgent.Acp;
using OpAgent.Acp.Folding;
using OpAgent.Acp.Wire;
using OpAgent.Core.Conversations;

namespace OpAgent.Fuzzing.Targets;

/// <summary>What an agent writes to its standard output: cut into lines, taken apart, handled, and folded into a turn.</summary>
internal sealed class AcpLines : IFuzzTarget
{
    private const int MaxLineBytes = 2048;
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public string Name => "acp-lines";

    public IEnumerable<byte[]> Seeds =>
        new[]
        {
            Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"Hello, \u00e9\n\ud83d\ude00"}}"""),
            Update("""{"sessionUpdate":"agent_thought_chunk","messageId":"m1","content":{"type":"text","text":"</details>\n<!-- turn {} -->"}}"""),
            Update("""{"sessionUpdate":"tool_call","toolCallId":"t1","title":"Edit a file","kind":"edit","status":"pending","locations":[{"path":"/srv/a.md","line":3}],"rawInput":{"a":[1,2,{"b":null}]}}"""),
            Update("""{"sessionUpdate":"tool_call_update","toolCallId":"t1","status":"completed","content":[{"type":"diff","path":"/srv/a.md","oldText":"a\nb","newText":"a\nc"},{"type":"content","content":{"type":"text","text":"done"}}],"rawOutput":"x"}"""),
            Update("""{"sessionUpdate":"plan","entries":[{"content":"First","priority":"high","status":"pending"},{"content":"- [x] Second","priority":"low","status":"completed"}]}"""),
            Update("""{"sessionUpdate":"usage_update","used":1000,"size":200000,"cost":{"amount":0.25,"currency":"USD"}}"""),
            Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"resource","resource":{"uri":"file:///a","text":"x","mimeType":"text/plain"}}}"""),
            Update("""{"sessionUpdate":"agent_message_chunk","content":{"type":"image","data":"AAAA","mimeType":"image/png"}}"""),
            """{"jsonrpc":"2.0","id":7,"method":"session/request_permission","params":{"sessionId":"s","toolCall":{"toolCallId":"t1"},"options":[{"optionId":"yes","name":"Yes","kind":"allow_once"}]}}""",
            """{"jsonrpc":"2.0","id":"a\u0062","method":"fs/read_text_file","params":{"sessionId":"s","path":"/etc/passwd"}}""",
            """{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":1,"agentCapabilities":{}}}""",
            """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"no","data":{"x":1}}}""",
            """{"jsonrpc":"2.0","method":"$/cancel_request","params":{"requestId":7}}""",
            "warning: no protocol\r\n\uFEFF \t{}\n[]\n42\n",
            new string('[', 100) + "\n" + new string('x', 3 * MaxLineBytes),
        }.Select(Encoding.UTF8.GetBytes);

    public IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. new[]
        {
            "\n", "\r\n", "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "\\udc00", "\uFEFF", "null", "true", "-1", "1e999", "0.0", "\"jsonrpc\":\"2.0\"", "\"method\":", "\"params\":", "\"id\":", "\"result\":",
            "\"error\":", "\"session/update\"", "\"sessionId\":\"s\"", "\"update\":", "\"sessionUpdate\":", "\"agent_message_chunk\"", "\"tool_call\"", "\"tool_call_update\"", "\"plan\"", "\"content\":", "\"type\":\"text\"",
            "\"text\":", "\"toolCallId\":\"t1\"", "\"title\":", "\"status\":\"completed\"", "\"rawOutput\":", "\"locations\":", "\"path\":", "\"oldText\":", "\"newText\":", "\"requestId\":", "<!-- tool {} -->", "</details>", "```",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public int Run(byte[] input)
    {
        var lines = CheckLines(input);
        var updates = lines.Count(IsUpdate);
        var fold = new TurnFold("/work", "spilled");
        var client = new Client(fold);
        CheckConnection(input, client);
        InvariantException.Require(client.Updates == updates, $"{client.Updates} of {updates} updates arrived.");
        fold.Finish(Now);
        CheckFile(fold);
        return HashCode.Combine(int.Log2(lines.Count + 1), int.Log2(updates + 1), long.Log2(client.Junk + 1), Math.Min(client.Requests, 2), Kinds(fold));
    }

    /// <summary>The reader gives the lines that a split at the line ends gives, whatever the pieces are in which they come.</summary>
    private static List<byte[]> CheckLines(byte[] input)
    {
        var expected = Split(input);
        var reader = new LineReader(new Pieces(input), MaxLineBytes);
        var lines = new List<byte[]>();
        do
        {
            while (reader.TryRead(out var line, out var isTooLong))
            {
                var index = lines.Count;
                lines.Add(isTooLong ? [] : line.ToArray());
                var whole = index < expected.Count ? expected[index] : throw new InvariantException("There is a line too many.");
                InvariantException.Require(isTooLong == whole.Length > MaxLineBytes, $"A line of {whole.Length} bytes was {(isTooLong ? "" : "not ")}too long.");
                InvariantException.Require(isTooLong ? whole.AsSpan().StartsWith(line) && !line.IsEmpty : line.SequenceEqual(whole), "A line came out as another.");
                if (!isTooLong) CheckMessage(lines[^1]);
            }
        }
        while (reader.FillAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());

        reader.Complete();
        InvariantException.Require(lines.Count == expected.Count, $"{lines.Count} of {expected.Count} lines came out.");
        return lines;
    }

    private static void CheckMessage(ReadOnlySpan<byte> line)
    {
        if (!Message.TryParse(line, out var message)) return;
        InvariantException.Require(Utf8.IsValid(line), "A message is not UTF-8.");
        using var document = JsonDocument.Parse(line.ToArray());
        InvariantException.Require(document.RootElement.ValueKind == JsonValueKind.Object, "A message is no object.");
        InvariantException.Require(message.Params.IsEmpty || IsJson(message.Params), "The parameters are not JSON.");
        InvariantException.Require(message.Update.IsEmpty || (message.Update[0] == '{' && IsJson(message.Update)), "The update is no object.");
        InvariantException.Require(message.IsRequest || message.IsNotification || message.IsResponse, "A message is of no kind.");
    }

    private static void CheckConnection(byte[] input, Client client)
    {
        Exception? failed = null;
        var options = new AcpConnectionOptions { MaxLineBytes = MaxLineBytes, HandlerFailed = (_, error) => failed ??= error };
        var connection = new AcpClientConnection(new Pieces(input), Stream.Null, client, options);
        connection.Start();
        connection.Completion.GetAwaiter().GetResult();
        if (failed is not null) throw new InvariantException($"A handler failed: {failed}");
        InvariantException.Require(connection.JunkLines == client.Junk, "Junk was counted and not told of.");
    }

    /// <summary>Whatever the agent said can be written into a conversation's file and is read back as it is.</summary>
    private static void CheckFile(TurnFold fold)
    {
        var turn = new Turn(Guid.Empty, "agent@1.0.0", Now) { Stop = "end_turn", Blocks = fold.Blocks };
        var conversation = new Conversation(new ConversationHeader(Guid.Empty, "Title", "agent@1.0.0", Now)) { Turns = [turn] };
        var result = ConversationMarkdown.Parse(ConversationMarkdown.Write(conversation));
        InvariantException.Require(result.IsValid, $"The file that was written is broken: {result.Error}");
        InvariantException.Require(conversation.Normalized().Equals(result.Conversation), "The file is read back as something else.");
    }

    private static bool IsUpdate(byte[] bytes)
    {
        ReadOnlySpan<byte> line = bytes;
        if (line.StartsWith("\uFEFF"u8)) line = line["\uFEFF"u8.Length..];
        return Message.TryParse(line.Trim(" \t\r"u8), out var message)
            && message.IsNotification && message.Method.SequenceEqual("session/update"u8) && !message.SessionId.IsEmpty && !message.Update.IsEmpty;
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        return JsonElement.TryParseValue(ref reader, out _) && reader.BytesConsumed == text.Length;
    }

    private static int Kinds(TurnFold fold)
    {
        var kinds = new HashCode();
        foreach (var block in fold.Blocks.Take(8)) kinds.Add(block.GetType());
        return kinds.ToHashCode();
    }

    private static List<byte[]> Split(byte[] input)
    {
        var lines = new List<byte[]>();
        var start = 0;
        for (var i = 0; i < input.Length; i++)
        {
            if (input[i] != '\n') continue;
            lines.Add(input[start..i]);
            start = i + 1;
        }

        if (start < input.Length) lines.Add(input[start..]);
        return lines;
    }

    private static string Update(string update) => $$$"""{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{{{update}}}}}""" + "\n";

    private sealed class Client(TurnFold fold) : IAcpClient
    {
        public int Updates { get; private set; }

        public long Junk { get; private set; }

        public int Requests { get; private set; }

        public void OnUpdate(ReadOnlySpan<byte> sessionId, ReadOnlySpan<byte> update)
        {
            Updates++;
            fold.Apply(update, Now);
        }

        public void OnBatchEnd()
        {
        }

        public void OnJunk(JunkLine junk)
        {
            Junk++;
            _ = junk.ToString();
        }

        public ValueTask<RequestPermissionResponse> RequestPermissionAsync(RequestPermissionRequest request, CancellationToken cancellationToken)
        {
            Requests++;
            fold.Decide(request.ToolCall.ToolCallId, request.RawToolCall, "nobody");
            return ValueTask.FromResult(RequestPermissionResponse.Cancelled);
        }
    }
}
