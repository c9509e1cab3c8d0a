using System.Text.Json;
using OpAgent.Acp;
using OpAgent.Core.Conversations;

namespace OpAgent.Runtime.Sessions;

/// <summary>Makes the content of <c>session/prompt</c>.</summary>
internal static class PromptContent
{
    private static readonly JsonElement TranscriptMeta = JsonElement.Parse("""{"opagent":{"transcript":true}}""");

    /// <param name="directory">The conversation's directory, absolute.</param>
    /// <param name="history">What a new session is told of what was said before; null where it knows.</param>
    public static IReadOnlyList<ContentBlock> Make(Prompt prompt, string directory, Conversation? history)
    {
        var blocks = new List<ContentBlock>();
        if (history?.Turns.Count > 0)
            blocks.Add(new TextContent(Transcript.Write(history, SessionLimits.MaxTranscriptLength)) { Meta = TranscriptMeta });
        blocks.AddRange(prompt.Attachments.Select(path => new ResourceLink(Path.GetFileName(path), new Uri(Path.Combine(directory, path)).AbsoluteUri)));
        blocks.Add(new TextContent(prompt.Text));
        return blocks;
    }
}
