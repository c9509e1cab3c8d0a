using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>Something that can be chosen for a session, such as its mode or its model.</summary>
[JsonConverter(typeof(SessionConfigOptionConverter))]
public abstract record SessionConfigOption(string Id, string Name) : AcpObject
{
    /// <summary>What the option does, for people.</summary>
    public string? Description { get; init; }

    /// <summary>What the option is about: see <see cref="SessionConfigOptionCategory"/>; other words are possible.</summary>
    public string? Category { get; init; }
}

/// <summary>The known categories of <see cref="SessionConfigOption"/>.</summary>
public static class SessionConfigOptionCategory
{
    public const string Mode = "mode";
    public const string Model = "model";
    public const string ModelConfig = "model_config";
    public const string ThoughtLevel = "thought_level";
}

/// <summary>An option with a list of choices.</summary>
public sealed record SelectConfigOption(string Id, string Name, string CurrentValue, SelectConfigChoices Options) : SessionConfigOption(Id, Name);

/// <summary>An option that is on or off.</summary>
public sealed record BooleanConfigOption(string Id, string Name, bool CurrentValue) : SessionConfigOption(Id, Name);

/// <summary>The choices of a <see cref="SelectConfigOption"/>: a plain list or groups, never both.</summary>
[JsonConverter(typeof(SelectConfigChoicesConverter))]
public sealed record SelectConfigChoices
{
    /// <summary>The choices, where they are not grouped.</summary>
    public IReadOnlyList<SelectConfigChoice> Ungrouped { get; init; } = [];

    /// <summary>The groups, where the choices are grouped.</summary>
    public IReadOnlyList<SelectConfigGroup> Groups { get; init; } = [];

    /// <summary>All choices in their order, grouped or not.</summary>
    [JsonIgnore]
    public IEnumerable<SelectConfigChoice> All => Ungrouped.Concat(Groups.SelectMany(group => group.Options));
}

/// <summary>One choice of a <see cref="SelectConfigOption"/>.</summary>
public sealed record SelectConfigChoice(string Value, string Name) : AcpObject
{
    public string? Description { get; init; }
}

/// <summary>Choices under one heading.</summary>
public sealed record SelectConfigGroup(
    string Group,
    string Name,
    [property: JsonConverter(typeof(ListOrEmpty<SelectConfigChoice>))] IReadOnlyList<SelectConfigChoice> Options) : AcpObject;

/// <summary><c>session/set_config_option</c>: changes an option of a session.</summary>
[JsonConverter(typeof(SetSessionConfigOptionRequestConverter))]
public abstract record SetSessionConfigOptionRequest(string SessionId, string ConfigId) : AcpObject;

/// <summary>Takes one choice of a <see cref="SelectConfigOption"/>.</summary>
public sealed record SetSelectConfigOptionRequest(string SessionId, string ConfigId, string Value) : SetSessionConfigOptionRequest(SessionId, ConfigId);

/// <summary>Sets a <see cref="BooleanConfigOption"/>.</summary>
public sealed record SetBooleanConfigOptionRequest(string SessionId, string ConfigId, bool Value) : SetSessionConfigOptionRequest(SessionId, ConfigId);

/// <summary>The answer to <c>session/set_config_option</c>: the state of all options, since one can change others.</summary>
public sealed record SetSessionConfigOptionResponse(
    [property: JsonConverter(typeof(ListOrEmpty<SessionConfigOption>))] IReadOnlyList<SessionConfigOption> ConfigOptions) : AcpObject;

internal sealed class SessionConfigOptionConverter : TaggedConverter<SessionConfigOption>
{
    public SessionConfigOptionConverter() : base("type")
    {
        Add<SelectConfigOption>("select");
        Add<BooleanConfigOption>("boolean");
    }
}

internal sealed class SetSessionConfigOptionRequestConverter : TaggedConverter<SetSessionConfigOptionRequest>
{
    public SetSessionConfigOptionRequestConverter() : base("type")
    {
        Add<SetBooleanConfigOptionRequest>("boolean");
        Untagged = typeof(SetSelectConfigOptionRequest);
    }
}

internal sealed class SelectConfigChoicesConverter : JsonConverter<SelectConfigChoices>
{
    private static readonly ListOrEmpty<SelectConfigChoice> Choices = new();
    private static readonly ListOrEmpty<SelectConfigGroup> Groups = new();

    public override SelectConfigChoices Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartArray) throw new JsonException("A list of choices was expected.");
        var copy = reader;
        var groups = Groups.Read(ref copy, typeof(IReadOnlyList<SelectConfigGroup>), options);
        if (groups.Count > 0)
        {
            reader = copy;
            return new SelectConfigChoices { Groups = groups };
        }
        return new SelectConfigChoices { Ungrouped = Choices.Read(ref reader, typeof(IReadOnlyList<SelectConfigChoice>), options) };
    }

    public override void Write(Utf8JsonWriter writer, SelectConfigChoices value, JsonSerializerOptions options)
    {
        if (value.Groups.Count > 0) Groups.Write(writer, value.Groups, options);
        else Choices.Write(writer, value.Ungrouped, options);
    }
}
