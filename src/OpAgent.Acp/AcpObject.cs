using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>What every object of the protocol has. Keys that this version does not know are ignored when reading.</summary>
public abstract record AcpObject
{
    /// <summary>Data that the two sides agreed on outside of the protocol; a JSON object or null.</summary>
    [JsonPropertyName("_meta"), JsonConverter(typeof(LenientElement))]
    public JsonElement? Meta { get; init; }
}
