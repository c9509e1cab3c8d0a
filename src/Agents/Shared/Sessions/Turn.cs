using OpAgent.Acp;

namespace OpAgent.Agents.Text.Sessions;

/// <summary>A running turn: how an agent tells its client what it does and says.</summary>
public sealed class Turn(AcpAgentConnection client, string sessionId)
{
    /// <summary>Says a piece of the answer, as Markdown.</summary>
    public ValueTask SayAsync(string markdown, CancellationToken cancellationToken) => TellAsync(new AgentMessageChunk(new TextContent(markdown)), cancellationToken);

    /// <summary>Tells of a tool call or of what became of it.</summary>
    public ValueTask TellAsync(SessionUpdate update, CancellationToken cancellationToken) => client.UpdateAsync(sessionId, update, cancellationToken);

    /// <summary>Asks the user; the chosen option's id, or null when the turn was cancelled meanwhile.</summary>
    public async Task<string?> AskAsync(ToolCallUpdate toolCall, IReadOnlyList<PermissionOption> options, CancellationToken cancellationToken)
    {
        var response = await client.RequestPermissionAsync(new RequestPermissionRequest(sessionId, toolCall, options), cancellationToken);
        return response.Outcome is SelectedPermissionOutcome { OptionId: var option } ? option : null;
    }

    /// <summary>A tool call's content that is a line of text.</summary>
    public static IReadOnlyList<ToolCallContent> Text(string text) => [new ToolCallContentBlock(new TextContent(text))];
}
