using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>Something that a tool call produced.</summary>
[JsonConverter(typeof(ToolCallContentConverter))]
public abstract record ToolCallContent : AcpObject;

/// <summary>A text, image or other block that a tool call produced.</summary>
public sealed record ToolCallContentBlock(ContentBlock Content) : ToolCallContent;

/// <summary>A change of a file.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="NewText">The file's text after the change.</param>
public sealed record ToolCallDiff(string Path, string NewText) : ToolCallContent
{
    /// <summary>The file's text before the change; null for a new file.</summary>
    public string? OldText { get; init; }
}

/// <summary>A terminal of the client in which the tool's command runs.</summary>
public sealed record ToolCallTerminal(string TerminalId) : ToolCallContent;

/// <summary>Something of a kind that this version does not know.</summary>
/// <param name="Raw">The object as it was sent.</param>
public sealed record UnknownToolCallContent([property: JsonIgnore] JsonElement Raw) : ToolCallContent;

internal sealed class ToolCallContentConverter : TaggedConverter<ToolCallContent>
{
    public ToolCallContentConverter() : base("type")
    {
        Add<ToolCallContentBlock>("content");
        Add<ToolCallDiff>("diff");
        Add<ToolCallTerminal>("terminal");
    }

    protected override ToolCallContent ReadUnknown(JsonElement raw) => new UnknownToolCallContent(raw);

    protected override JsonElement? RawOf(ToolCallContent value) => (value as UnknownToolCallContent)?.Raw;
}
