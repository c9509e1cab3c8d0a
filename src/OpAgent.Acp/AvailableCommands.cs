using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary><c>available_commands_update</c>: the commands that a prompt may begin with; replaces the former list.</summary>
public sealed record AvailableCommandsUpdate(
    [property: JsonConverter(typeof(ListOrEmpty<AvailableCommand>))] IReadOnlyList<AvailableCommand> AvailableCommands) : SessionUpdate;

/// <summary>A command that is run by a prompt that begins with <c>/</c> and its name.</summary>
public sealed record AvailableCommand(string Name, string Description) : AcpObject
{
    /// <summary>What may follow the name; null for nothing.</summary>
    [JsonConverter(typeof(OrNull<AvailableCommandInput>))]
    public AvailableCommandInput? Input { get; init; }
}

/// <summary>What may follow a command's name.</summary>
/// <param name="Hint">What to show while nothing was typed.</param>
public sealed record AvailableCommandInput(string Hint) : AcpObject;
