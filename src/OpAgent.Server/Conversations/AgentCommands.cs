using System.Text.Json;

namespace OpAgent.Server.Conversations;

/// <summary>The ACP update with which an agent tells its slash commands.</summary>
internal static class AgentCommands
{
    private const int Most = 200;

    /// <summary>False for any other update. Entries that cannot be read are left out.</summary>
    public static bool TryRead(JsonElement update, out IReadOnlyList<AgentCommand> commands)
    {
        commands = [];
        if (Text(update, "sessionUpdate") != "available_commands_update") return false;
        if (update.TryGetProperty("availableCommands", out var list) && list.ValueKind == JsonValueKind.Array)
            commands = [.. list.EnumerateArray().Take(Most).Select(Read).OfType<AgentCommand>()];
        return true;
    }

    private static AgentCommand? Read(JsonElement command) => Text(command, "name") is { Length: > 0 } name
        ? new(name, Text(command, "description") ?? "", command.TryGetProperty("input", out var input) ? Text(input, "hint") : null)
        : null;

    private static string? Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
