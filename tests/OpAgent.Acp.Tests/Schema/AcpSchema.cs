using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpAgent.Acp.Tests.Schema;

/// <summary>
/// The protocol's published JSON Schema and a validator for the keywords that it uses. Stricter than the schema in one point: an object
/// whose properties the schema lists may have no others, so that a misspelt name is found.
/// </summary>
internal static class AcpSchema
{
    private static readonly JsonObject Root = Load();

    public static IEnumerable<string> Definitions => Root["$defs"]!.AsObject().Select(definition => definition.Key);

    public static JsonNode Definition(string name) => Root["$defs"]![name] ?? throw new ArgumentException($"The schema has no {name}.");

    public static JsonNode Resolve(JsonNode schema) =>
        schema is JsonObject node && node["$ref"] is { } reference ? Definition(((string)reference!)["#/$defs/".Length..]) : schema;

    /// <summary>The definition of a method's parameters or result.</summary>
    public static string Message(string method, string suffix) =>
        Definitions.Single(name => (string?)Definition(name)["x-method"] == method && name.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>What is wrong with the value; empty when nothing is.</summary>
    public static IReadOnlyList<string> Validate(string definition, JsonNode? value)
    {
        var errors = new List<string>();
        new Validator(errors).CheckWhole(Definition(definition), value, "$");
        return errors;
    }

    private static JsonObject Load()
    {
        using var stream = typeof(AcpSchema).Assembly.GetManifestResourceStream("schema.v1.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    private sealed class Validator(List<string> errors)
    {
        /// <summary>Checks a value against everything that applies to it, then that no property is left over.</summary>
        public void CheckWhole(JsonNode schema, JsonNode? value, string path)
        {
            var known = new HashSet<string>();
            var isOpen = false;
            Check(schema, value, path, known, ref isOpen);
            if (isOpen || known.Count is 0 || value is not JsonObject properties) return;
            foreach (var (name, _) in properties)
                if (!known.Contains(name))
                    errors.Add($"{path}.{name} is not in the schema");
        }

        private void Check(JsonNode schema, JsonNode? value, string path, HashSet<string> known, ref bool isOpen)
        {
            if (schema is not JsonObject node) return;
            foreach (var (keyword, argument) in node)
            {
                switch (keyword)
                {
                    case "$ref":
                        Check(Resolve(schema), value, path, known, ref isOpen);
                        break;
                    case "type":
                        if (!Types(argument!).Any(type => IsOfType(type, value))) errors.Add($"{path} is not of type {argument!.ToJsonString()}");
                        break;
                    case "const":
                        if (!JsonNode.DeepEquals(argument, value)) errors.Add($"{path} is not {argument!.ToJsonString()}");
                        break;
                    case "enum":
                        if (!argument!.AsArray().Any(choice => JsonNode.DeepEquals(choice, value))) errors.Add($"{path} is none of the values");
                        break;
                    case "required" when value is JsonObject properties:
                        foreach (var name in argument!.AsArray())
                            if (!properties.ContainsKey((string)name!))
                                errors.Add($"{path}.{name} is missing");
                        break;
                    case "properties" when value is JsonObject properties:
                        foreach (var (name, property) in argument!.AsObject())
                        {
                            known.Add(name);
                            if (properties.ContainsKey(name)) CheckWhole(property!, properties[name], $"{path}.{name}");
                        }
                        break;
                    case "additionalProperties" when value is JsonObject:
                        isOpen = true;
                        break;
                    case "items" when value is JsonArray items:
                        for (var i = 0; i < items.Count; i++) CheckWhole(argument!, items[i], $"{path}[{i}]");
                        break;
                    case "allOf":
                        foreach (var part in argument!.AsArray()) Check(part!, value, path, known, ref isOpen);
                        break;
                    case "anyOf" or "oneOf":
                        CheckChoice(keyword, argument!.AsArray(), value, path, known, ref isOpen);
                        break;
                    case "minimum" when value is JsonValue number && number.GetValueKind() is JsonValueKind.Number:
                        if ((double)number < (double)argument!) errors.Add($"{path} is less than {argument}");
                        break;
                    case "maximum" when value is JsonValue number && number.GetValueKind() is JsonValueKind.Number:
                        if ((double)number > (double)argument!) errors.Add($"{path} is more than {argument}");
                        break;
                    case "minLength" when value is JsonValue text && text.GetValueKind() is JsonValueKind.String:
                        if (((string)text!).Length < (int)argument!) errors.Add($"{path} is too short");
                        break;
                }
            }
        }

        private void CheckChoice(string keyword, JsonArray choices, JsonNode? value, string path, HashSet<string> known, ref bool isOpen)
        {
            var fitting = 0;
            foreach (var choice in choices)
            {
                var failed = new List<string>();
                var names = new HashSet<string>();
                var open = false;
                new Validator(failed).Check(choice!, value, path, names, ref open);
                if (failed.Count > 0) continue;
                fitting++;
                known.UnionWith(names);
                isOpen |= open;
            }
            if (fitting is 0 || (keyword is "oneOf" && fitting > 1)) errors.Add($"{path} fits {fitting} of {keyword}");
        }

        private static IEnumerable<string> Types(JsonNode type) =>
            type is JsonArray several ? several.Select(one => (string)one!) : [(string)type!];

        private static bool IsOfType(string type, JsonNode? value) => type switch
        {
            "null" => value is null,
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value?.GetValueKind() is JsonValueKind.String,
            "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "integer" => value is JsonValue number && number.GetValueKind() is JsonValueKind.Number && !number.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E'),
            "number" => value?.GetValueKind() is JsonValueKind.Number,
            _ => throw new NotSupportedException(type),
        };
    }
}
