using System.Text.Json;
using OpAgent.Acp.Folding;

namespace OpAgent.Runtime.Sessions;

/// <summary>Writes what a turn used, where the agent told it.</summary>
internal static class UsageJson
{
    /// <param name="cost">What the turn cost in US dollars, where known.</param>
    public static void Write(Utf8JsonWriter writer, TurnUsage? usage, decimal? cost)
    {
        if (usage is null) return;
        writer.WriteStartObject("usage");
        writer.WriteNumber("used", usage.Used);
        writer.WriteNumber("size", usage.Size);
        if (cost is { } dollars) writer.WriteNumber("cost", dollars);
        writer.WriteEndObject();
    }
}
