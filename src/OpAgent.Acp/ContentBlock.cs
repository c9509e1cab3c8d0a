using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>A piece of a prompt, of a message or of a tool's output; the same kinds as in the Model Context Protocol.</summary>
[JsonConverter(typeof(ContentBlockConverter))]
public abstract record ContentBlock : AcpObject
{
    /// <summary>Hints for whom the content is and how much it matters.</summary>
    [JsonConverter(typeof(OrNull<Annotations>))]
    public Annotations? Annotations { get; init; }
}

/// <summary>Text, usually Markdown.</summary>
public sealed record TextContent(string Text) : ContentBlock;

/// <summary>An image.</summary>
/// <param name="Data">The bytes in base64.</param>
/// <param name="MimeType">For example <c>image/png</c>.</param>
public sealed record ImageContent(string Data, string MimeType) : ContentBlock
{
    /// <summary>Where the image can be found.</summary>
    public string? Uri { get; init; }
}

/// <summary>A sound.</summary>
/// <param name="Data">The bytes in base64.</param>
/// <param name="MimeType">For example <c>audio/wav</c>.</param>
public sealed record AudioContent(string Data, string MimeType) : ContentBlock;

/// <summary>A reference to something that the agent can read itself.</summary>
public sealed record ResourceLink(string Name, string Uri) : ContentBlock
{
    public string? Description { get; init; }

    public string? MimeType { get; init; }

    /// <summary>The size in bytes.</summary>
    public long? Size { get; init; }

    public string? Title { get; init; }
}

/// <summary>A resource along with what it holds. In prompts it needs <see cref="PromptCapabilities.EmbeddedContext"/>.</summary>
public sealed record EmbeddedResource(ResourceContents Resource) : ContentBlock;

/// <summary>Content of a kind that this version does not know.</summary>
/// <param name="Raw">The object as it was sent.</param>
public sealed record UnknownContent([property: JsonIgnore] JsonElement Raw) : ContentBlock;

/// <summary>For whom content is and how much it matters.</summary>
public sealed record Annotations : AcpObject
{
    /// <summary><c>user</c>, <c>assistant</c> or both.</summary>
    [JsonConverter(typeof(ListOrNull<string>))]
    public IReadOnlyList<string>? Audience { get; init; }

    /// <summary>When the content was changed, as ISO 8601.</summary>
    public string? LastModified { get; init; }

    /// <summary>From 0 (optional) to 1 (required).</summary>
    public double? Priority { get; init; }
}

/// <summary>What a resource holds.</summary>
[JsonConverter(typeof(ResourceContentsConverter))]
public abstract record ResourceContents(string Uri) : AcpObject
{
    public string? MimeType { get; init; }
}

/// <summary>A resource that is text.</summary>
public sealed record TextResourceContents(string Text, string Uri) : ResourceContents(Uri);

/// <summary>A resource that is not text.</summary>
/// <param name="Blob">The bytes in base64.</param>
/// <param name="Uri">The resource's name.</param>
public sealed record BlobResourceContents(string Blob, string Uri) : ResourceContents(Uri);

internal sealed class ContentBlockConverter : TaggedConverter<ContentBlock>
{
    public ContentBlockConverter() : base("type")
    {
        Add<TextContent>("text");
        Add<ImageContent>("image");
        Add<AudioContent>("audio");
        Add<ResourceLink>("resource_link");
        Add<EmbeddedResource>("resource");
    }

    protected override ContentBlock ReadUnknown(JsonElement raw) => new UnknownContent(raw);

    protected override JsonElement? RawOf(ContentBlock value) => (value as UnknownContent)?.Raw;
}
