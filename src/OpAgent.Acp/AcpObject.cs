using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>What every object of the protocol has. Keys that this version does not know are ignored when reading.</summary>
// Properties that are never null have their default in the getter: the generated readers set every init-only property, to null
// where the object has no such key, and an initializer would be lost.
public abstract record AcpObject
{
    /// <summary>Data that the two sides agreed on outside of the protocol; a JSON object or null.</summary>
    [JsonPropertyName("_meta"), JsonConverter(typeof(LenientElement))]
    public JsonElement? Meta { get; init; }
}
