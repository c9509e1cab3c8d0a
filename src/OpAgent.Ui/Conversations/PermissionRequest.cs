using System.Text.Json;
using OpAgent.Core.Text;
using OpAgent.Server.Conversations;

namespace OpAgent.Ui.Conversations;

/// <summary>A permission request as a person reads it. Everything in it comes from the agent, so nothing is taken for granted.</summary>
/// <param name="Paths">Every file that it names.</param>
/// <param name="Details">Commands and changes in full, as Markdown.</param>
internal sealed record PermissionRequest(string Kind, string Title, IReadOnlyList<string> Paths, string Details, IReadOnlyList<PermissionChoice> Options)
{
    public static readonly PermissionRequest Empty = new("other", "", [], "", []);

    private const int LongestInput = 16 * 1024;
    private const int MostPaths = 20;

    public string Question => Kind switch
    {
        "edit" => "Allow this edit?",
        "delete" => "Allow this deletion?",
        "execute" => "Allow this command?",
        "fetch" => "Allow this request?",
        "move" => "Allow this move?",
        _ => "Allow this?",
    };

    public static PermissionRequest Read(PermissionView permission)
    {
        var call = permission.ToolCall;
        var diffs = Items(call, "content").Where(item => Text(item, "type") == "diff").ToList();
        var paths = diffs.Select(diff => Text(diff, "path")).Concat(Items(call, "locations").Select(location => Text(location, "path"))).OfType<string>().Distinct().Take(MostPaths).ToList();
        // What would be run is said first, whatever the agent shows besides.
        var details = Command(call).Concat(diffs.Select(Diff))
            .Concat(Items(call, "content").Where(item => Text(item, "type") == "content").Select(item => item.TryGetProperty("content", out var content) ? Text(content, "text") ?? "" : ""))
            .Where(text => text.Length > 0).ToList();
        if (details.Count == 0 && Input(call) is { } input && input.GetRawText() is { Length: <= LongestInput } raw) details.Add(MarkdownFence.Wrap(raw, "json"));
        return new(Text(call, "kind") ?? "other", Text(call, "title") ?? "", paths, string.Join("\n\n", details), [.. Items(permission.Options).Select(PermissionChoice.Read).OfType<PermissionChoice>()]);
    }

    private static string Diff(JsonElement diff) => MarkdownFence.Wrap(UnifiedDiff.Create(Text(diff, "oldText"), Text(diff, "newText") ?? "", Text(diff, "path") ?? "file"), "diff");

    private static IEnumerable<string> Command(JsonElement call) =>
        Input(call) is { } input && Text(input, "command") is { Length: > 0 } command ? [MarkdownFence.Wrap(command, "sh")] : [];

    private static JsonElement? Input(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object && call.TryGetProperty("rawInput", out var input) && input.ValueKind == JsonValueKind.Object ? input : null;

    private static IEnumerable<JsonElement> Items(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var list) ? Items(list) : [];

    private static IEnumerable<JsonElement> Items(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

    internal static string? Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}

/// <summary>One of the answers that the agent offers.</summary>
/// <param name="Kind">allow_once, allow_always, reject_once or reject_always.</param>
/// <param name="Name">What the agent calls it.</param>
internal sealed record PermissionChoice(string Id, string Kind, string Name)
{
    public bool IsAllow => Kind.StartsWith("allow", StringComparison.Ordinal);

    // The agent's own words could say the opposite of what the answer does.
    public string Label => Kind switch
    {
        "allow_once" => "Allow",
        "allow_always" => "Always here",
        "reject_once" => "Reject",
        "reject_always" => "Never",
        _ => Name,
    };

    public static PermissionChoice? Read(JsonElement option) => PermissionRequest.Text(option, "optionId") is { } id
        ? new(id, PermissionRequest.Text(option, "kind") ?? "", PermissionRequest.Text(option, "name") ?? id)
        : null;
}
