using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Sessions;

/// <summary>What the runtime remembers of a conversation beside its journal. The file in the workspace is the truth; this says how to go on from it.</summary>
/// <param name="Workspace">The workspace's root directory.</param>
/// <param name="File">The conversation's file, relative to the workspace.</param>
internal sealed record SessionRecord(string Workspace, string File)
{
    /// <summary>The agent that a person chose for this conversation; null where the binding decides.</summary>
    public string? RequestedAgent { get; init; }

    /// <summary>The mode that a person chose for this conversation; null where the binding decides.</summary>
    public string? Mode { get; init; }

    /// <summary>The agent of the last session, as <c>id@version</c>.</summary>
    public string? Agent { get; init; }

    /// <summary>The last session's id in the agent, for <c>session/resume</c> and <c>session/load</c>.</summary>
    public string? AcpSession { get; init; }

    /// <summary>The file's hash after our last write; another one means that a person edited the history.</summary>
    public string? FileHash { get; init; }

    public static SessionRecord? Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(PathIn(directory)), SessionJson.Default.SessionRecord);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            // Without it the conversation is found by its id and its next session is seeded from the file.
            return null;
        }
    }

    public void Save(Disk disk, string directory) => AtomicFile.WriteUnsynced(disk, PathIn(directory), JsonSerializer.SerializeToUtf8Bytes(this, SessionJson.Default.SessionRecord));

    private static string PathIn(string directory) => Path.Combine(directory, "session.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(SessionRecord))]
internal sealed partial class SessionJson : JsonSerializerContext;
