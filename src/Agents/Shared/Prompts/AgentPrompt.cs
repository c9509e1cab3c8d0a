using System.Collections.Immutable;
using System.Text.Json;
using OpAgent.Acp;

namespace OpAgent.Agents.Text.Prompts;

/// <summary>What a person asks: the text and the files attached to it.</summary>
/// <param name="Text">Everything the person wrote, without what was said earlier.</param>
/// <param name="Attachments">Paths or <c>file</c> addresses turned into paths, as the client gave them.</param>
public sealed record AgentPrompt(string Text, ImmutableArray<string> Attachments)
{
    /// <summary>
    /// Reads a prompt. Blocks that carry <c>_meta.opagent.transcript: true</c> repeat an earlier conversation and are not part of what is asked.
    /// </summary>
    public static AgentPrompt Read(IEnumerable<ContentBlock> blocks)
    {
        var text = new List<string>();
        var attachments = ImmutableArray.CreateBuilder<string>();
        foreach (var block in blocks.Where(block => !IsTranscript(block)))
        {
            if (block is TextContent { Text: var written }) text.Add(written);
            else if (block is ResourceLink { Uri: var address } && PathOf(address) is { } path) attachments.Add(path);
        }
        return new AgentPrompt(string.Join("\n\n", text), attachments.DrainToImmutable());
    }

    private static bool IsTranscript(ContentBlock block) =>
        block.Meta is { ValueKind: JsonValueKind.Object } meta
        && meta.TryGetProperty("opagent", out var own) && own.ValueKind is JsonValueKind.Object
        && own.TryGetProperty("transcript", out var transcript) && transcript.ValueKind is JsonValueKind.True;

    private static string? PathOf(string address)
    {
        if (address.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsFile ? uri.LocalPath : null;
        return address.Contains("://", StringComparison.Ordinal) ? null : address;
    }
}
