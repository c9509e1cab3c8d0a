using System.Globalization;
using System.Text.Json;

namespace OpAgent.Core.Conversations;

/// <summary>Reads the properties of a marker; <see cref="Error"/> says what is wrong with the first one that does not fit. Unknown ones are left unread.</summary>
internal sealed class MarkerFields
{
    private readonly JsonElement _json;

    private MarkerFields(JsonElement json) => _json = json;

    public string? Error { get; private set; }

    public static MarkerFields Parse(string json)
    {
        try
        {
            var root = JsonElement.Parse(json);
            if (root.ValueKind != JsonValueKind.Object) return Broken("has no properties in braces");
            // A look-up stumbles over a name that is half of a surrogate pair, written as an escape; here it is found beforehand.
            if (json.Contains('\\')) foreach (var property in root.EnumerateObject()) _ = property.Name;
            return new MarkerFields(root);
        }
        catch (JsonException broken)
        {
            return Broken($"is no valid JSON near byte {broken.BytePositionInLine}");
        }
        catch (InvalidOperationException)
        {
            return Broken("has a property whose name is no text");
        }
    }

    public string Required(string name) => Text(name) ?? Fail(name, "text") ?? "";

    public string? Text(string name) => Find(name) is { } value ? TextOf(value) ?? Fail(name, "text") : null;

    public Guid Id(string name) => Guid.TryParseExact(Required(name), "D", out var id) ? id : Fail<Guid>(name, "a UUID");

    public DateTimeOffset Time(string name) =>
        DateTimeOffset.TryParse(Required(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : Fail<DateTimeOffset>(name, "a time like 2026-11-22T15:29:05Z");

    public long? Whole(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : Fail<long>(name, "a whole number");
    }

    public decimal? Amount(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : Fail<decimal>(name, "a number");
    }

    public ValueList<string> Texts(string name)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array) return Fail<ValueList<string>>(name, "a list of texts");

        var texts = new List<string>();
        foreach (var item in value.EnumerateArray()) texts.Add(TextOf(item) ?? Fail(name, "a list of texts") ?? "");
        return texts.ToValueList();
    }

    private static MarkerFields Broken(string error) => new(default) { Error = error };

    private JsonElement? Find(string name) =>
        _json.ValueKind == JsonValueKind.Object && _json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, written as an escape
        }
    }

    private string? Fail(string name, string expected)
    {
        Error ??= $"needs {expected} as \"{name}\"";
        return null;
    }

    private T Fail<T>(string name, string expected)
        where T : struct
    {
        Fail(name, expected);
        return default;
    }
}
