using System.Text.Json;
using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Conversations;

/// <summary>A permission request of an agent.</summary>
/// <param name="State">pending, answered or cancelled.</param>
/// <param name="ToolCall">The ACP tool call, verbatim.</param>
/// <param name="Options">The ACP options, verbatim.</param>
/// <param name="Option">The kind of the chosen option.</param>
/// <param name="By">Who chose it.</param>
public sealed record PermissionView(
    string Id, string Conversation, string Turn, string? Workspace, string? Agent, string State, JsonElement ToolCall, JsonElement Options,
    DateTimeOffset Requested, string? Option, string? By)
{
    internal static PermissionView Of(Permission permission, string? workspace) => new(
        permission.Id, permission.Conversation, permission.Turn, workspace, permission.Agent.NullIfEmpty(), permission.State,
        JsonElement.Parse(permission.ToolCall.Span), JsonElement.Parse(permission.Options.Span),
        DateTimeOffset.FromUnixTimeMilliseconds(permission.Requested), permission.Option.NullIfEmpty(), permission.By.NullIfEmpty());
}

/// <summary>An answer to a permission request: one of the two.</summary>
/// <param name="Option">allow_once, allow_always, reject_once or reject_always.</param>
/// <param name="OptionId">The agent's own id of one of its options.</param>
public sealed record PermissionAnswer(string? Option, string? OptionId);
