using System.Text.Json;
using OpAgent.Acp.Folding;

namespace OpAgent.Runtime.Sessions;

/// <summary>Writes what a turn used, where the agent told it.</summary>
internal static class TurnUsage
{
    public static void Write(Utf8JsonWriter writer, UsageSummary? usage)
    {
        if (usage is null) return;
        writer.WriteStartObject("usage");
        writer.WriteNumber("used", usage.Used);
        writer.WriteNumber("size", usage.Size);
        if (usage.CostInDollars is { } cost) writer.WriteNumber("cost", cost);
        writer.WriteEndObject();
    }
}
