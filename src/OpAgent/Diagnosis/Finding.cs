using System.Text.Json.Serialization;

namespace OpAgent.Diagnosis;

/// <summary>What was found about one part of the machine.</summary>
/// <param name="Check">Which part: a word that stays the same.</param>
/// <param name="Says">What was found and what it means.</param>
/// <param name="Remedy">What to do about it; null where there is nothing to do.</param>
internal sealed record Finding(string Check, Level Level, string Says, string? Remedy = null)
{
    public static Finding Ok(string check, string says) => new(check, Level.Ok, says);

    public static Finding Warning(string check, string says, string remedy) => new(check, Level.Warning, says, remedy);

    public static Finding Problem(string check, string says, string remedy) => new(check, Level.Problem, says, remedy);
}

/// <summary>How bad it is: a warning takes something away, with a problem agents cannot be relied on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Level>))]
public enum Level
{
    [JsonStringEnumMemberName("ok")] Ok,
    [JsonStringEnumMemberName("warning")] Warning,
    [JsonStringEnumMemberName("problem")] Problem,
}
