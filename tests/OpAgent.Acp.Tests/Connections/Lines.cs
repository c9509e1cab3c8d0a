using System.Text.Json;

namespace OpAgent.Acp.Tests.Connections;

/// <summary>Lines as an agent or a client would write them.</summary>
internal static class Lines
{
    public static string Update(string text, string sessionId = "s1") =>
        $$$"""{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"{{{sessionId}}}","update":{{{Chunk(text)}}}}}""";

    public static string Chunk(string text) =>
        $$$"""{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":{{{JsonSerializer.Serialize(text)}}}}}""";

    public static string Permission(string id, string toolCallId = "t1") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"session/request_permission","params":{"sessionId":"s1","toolCall":{"toolCallId":"{{{toolCallId}}}","x":1},"options":[{"optionId":"yes","name":"Yes","kind":"allow_once"}]}}""";

    public static string Request(string id, string method, string parameters = "{}") =>
        $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""";

    public static string Notification(string method, string parameters) =>
        $$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{parameters}}}""";

    public static string Result(string id, string result) => $$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}""";
}
