using System.Text.Json.Nodes;

namespace OpAgent.Acp.Tests.Schema;

/// <summary>Random values that a definition of the schema allows; the same seed makes the same value.</summary>
/// <param name="seed">Chooses the value.</param>
/// <param name="isMinimal">Whether everything is left out that is not required.</param>
internal sealed class SchemaSamples(int seed, bool isMinimal = false)
{
    private static readonly string[] Texts = ["", "plain", "Grüße\n\t\"quoted\" \\ back", "日本語 😀", "</script> & <b>", "\u0001\u2028", "/srv/docs/a.md"];

    private readonly Random _random = new(seed);

    public JsonNode? Of(string definition) => JsonNode.Parse(Value(AcpSchema.Definition(definition))!.ToJsonString());

    private JsonNode? Value(JsonNode schema)
    {
        var concrete = Concrete(schema);
        if (concrete["const"] is { } constant) return constant.DeepClone();
        return concrete["type"] switch
        {
            JsonArray types => OfType((string)Pick(types)!, concrete),
            { } type => OfType((string)type!, concrete),
            null when concrete["properties"] is not null => OfType("object", concrete),
            null => Anything(),
        };
    }

    /// <summary>The schema with its references followed and one branch taken of each choice.</summary>
    private JsonObject Concrete(JsonNode schema)
    {
        var node = AcpSchema.Resolve(schema).AsObject();
        var merged = new JsonObject();
        Merge(merged, node);
        foreach (var part in node["allOf"]?.AsArray() ?? []) Merge(merged, Concrete(part!));
        foreach (var keyword in (string[])["anyOf", "oneOf"])
            if (node[keyword] is JsonArray choices)
                Merge(merged, Concrete(Pick(choices)!));
        return merged;
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (keyword, argument) in from)
        {
            switch (keyword)
            {
                case "allOf" or "anyOf" or "oneOf":
                    break;
                case "properties":
                    var properties = into["properties"]?.DeepClone().AsObject() ?? [];
                    foreach (var (name, property) in argument!.AsObject()) properties[name] = property!.DeepClone();
                    into["properties"] = properties;
                    break;
                case "required":
                    into["required"] = new JsonArray([.. (into["required"]?.AsArray() ?? []).Concat(argument!.AsArray()).Select(name => name!.DeepClone())]);
                    break;
                default:
                    into[keyword] = argument?.DeepClone();
                    break;
            }
        }
    }

    private JsonNode? OfType(string type, JsonObject schema) => type switch
    {
        "null" => null,
        "string" => JsonValue.Create(schema["minLength"] is null ? Text() : $"x{Text()}"),
        "boolean" => JsonValue.Create(_random.Next(2) is 0),
        "number" => JsonValue.Create(_random.NextDouble() * 1e6),
        "integer" => JsonValue.Create(Integer((string?)schema["format"])),
        "array" => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(schema["items"]!))]),
        "object" when schema["properties"] is JsonObject properties => Object(properties, schema),
        "object" => schema["additionalProperties"] is null ? new JsonObject() : Map(),
        _ => throw new NotSupportedException(type),
    };

    private JsonObject Object(JsonObject properties, JsonObject schema)
    {
        var required = (schema["required"]?.AsArray() ?? []).Select(name => (string)name!).ToHashSet();
        var value = new JsonObject();
        foreach (var (name, property) in properties)
            if (required.Contains(name) || (!isMinimal && _random.Next(2) is 0))
                value[name] = Value(property!);
        return value;
    }

    private JsonObject Map() => new(Enumerable.Range(0, _random.Next(3)).Select(i => KeyValuePair.Create($"key {i}", (JsonNode?)JsonValue.Create(Text()))));

    private JsonNode? Anything() => _random.Next(5) switch
    {
        0 => null,
        1 => JsonValue.Create(Text()),
        2 => JsonValue.Create(_random.NextInt64()),
        3 => new JsonArray(JsonValue.Create(Text()), null, Map()),
        _ => Map(),
    };

    private long Integer(string? format) => format switch
    {
        "uint16" => _random.Next(ushort.MaxValue + 1),
        "uint32" => _random.NextInt64(uint.MaxValue + 1L),
        // Half of what the schema allows: no agent counts more tokens than fit into 63 bits.
        "uint64" => _random.NextInt64(),
        "int32" => _random.Next(),
        _ => _random.NextInt64(long.MinValue, long.MaxValue),
    };

    private string Text() => Texts[_random.Next(Texts.Length)];

    private JsonNode? Pick(JsonArray choices) => choices[_random.Next(choices.Count)];
}
