using System.Text.Json.Serialization;

namespace OpAgent.Runtime.Sessions;

/// <summary>The first line of a journal file.</summary>
/// <param name="Epoch">Random; another one means that numbers of before mean nothing any more.</param>
/// <param name="First">The number of the first event in the file.</param>
internal sealed record JournalHeader(string Epoch, long First);

/// <summary>What the line of an event of a turn begins with.</summary>
internal sealed record JournalLine(Guid Turn);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalHeader))]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext;
