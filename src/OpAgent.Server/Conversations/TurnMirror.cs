using System.Runtime.InteropServices;
using System.Text.Json;
using OpAgent.Acp.Folding;
using OpAgent.Core;
using OpAgent.Core.Conversations;

namespace OpAgent.Server.Conversations;

/// <summary>The running turn, folded from its events as the runtime folds it for the file. Not safe for several threads at once.</summary>
internal sealed class TurnMirror(Guid id, string directory)
{
    private readonly TurnFold _fold = new(directory, id.ToString());
    private readonly Dictionary<string, (string ToolCallId, JsonElement ToolCall)> _waiting = [];
    private string _agent = "";
    private DateTimeOffset _begun;

    public Guid Id => id;

    public ContextUsage? Usage => _fold.Usage is { } usage ? new(usage.Used, usage.Size, usage.Cost, usage.Currency) : null;

    /// <summary>The reply as it stands.</summary>
    /// <param name="agent">Who answers, as long as no event said so.</param>
    public Turn Reply(string agent) => new(id, _agent.Length > 0 ? _agent : agent, _begun) { Blocks = _fold.Blocks };

    public void Begin(DateTimeOffset at) => _begun = at;

    public void AgentStarted(JsonElement line) => _agent = $"{line.GetProperty("agent").GetString()}@{line.GetProperty("version").GetString()}";

    public void Update(JsonElement update, DateTimeOffset at) => _fold.Apply(JsonMarshal.GetRawUtf8Value(update), at);

    public void Notice(JsonElement line) => _fold.AddNotice(
        line.GetProperty("notice").GetString()!, line.GetProperty("text").GetString()!, line.TryGetProperty("body", out var body) ? body.GetString()! : "");

    public void Requested(JsonElement permission)
    {
        var toolCall = permission.GetProperty("toolCall").Clone();
        _waiting[permission.GetProperty("id").GetString()!] = (toolCall.GetProperty("toolCallId").GetString()!, toolCall);
    }

    public void Resolved(JsonElement line)
    {
        if (!_waiting.Remove(line.GetProperty("permission").GetString()!, out var asked)) return;
        var option = line.GetProperty("option").GetString()!;
        _fold.Decide(asked.ToolCallId, asked.ToolCall, option == "cancelled" ? option : $"{line.GetProperty("by").GetString()} {option}");
    }

    public Turn End(JsonElement line, DateTimeOffset at, string agent)
    {
        _fold.Finish(at);
        var usage = line.TryGetProperty("usage", out var told) ? told : default;
        return Reply(agent) with
        {
            Stop = line.GetProperty("stopReason").GetString(),
            Error = line.TryGetProperty("error", out var error) ? error.GetString() : null,
            Cost = usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty("cost", out var cost) ? cost.GetDecimal() : null,
        };
    }

    /// <summary>The prompt that <c>turn.queued</c> and <c>turn.started</c> hold.</summary>
    public static Turn Prompt(JsonElement line) => new(line.GetProperty("turn").GetGuid(), line.GetProperty("by").GetString()!, line.GetProperty("at").GetDateTimeOffset())
    {
        Attachments = line.GetProperty("attachments").EnumerateArray().Select(item => item.GetString()!).ToValueList(),
        Blocks = [new TextBlock(line.GetProperty("text").GetString()!)],
    };
}
