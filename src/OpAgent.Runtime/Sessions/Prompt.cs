using System.Text.Json;

namespace OpAgent.Runtime.Sessions;

/// <summary>What a person asked.</summary>
/// <param name="Command">The caller's id of the request; the same one again is the same prompt.</param>
internal sealed record Prompt(Guid Turn, string Command, string By, string Text, IReadOnlyList<string> Attachments)
{
    /// <summary>Writes the members of <c>turn.queued</c> and <c>turn.started</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("text", Text);
        writer.WriteString("by", By);
        writer.WriteStartArray("attachments");
        foreach (var attachment in Attachments) writer.WriteStringValue(attachment);
        writer.WriteEndArray();
        writer.WriteString("command", Command);
    }

    public static Prompt Read(JsonElement line) => new(
        line.GetProperty("turn").GetGuid(),
        line.GetProperty("command").GetString()!,
        line.GetProperty("by").GetString()!,
        line.GetProperty("text").GetString()!,
        [.. line.GetProperty("attachments").EnumerateArray().Select(item => item.GetString()!)]);
}
