using System.Text.Json.Serialization;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Upgrades;

/// <summary>Everything that one program hands over to the next one in the same process, beside what is on the disk anyway.</summary>
/// <param name="Format">Of this record; a program that does not know it is refused before the switch.</param>
/// <param name="Pid">The process; with the start ticks it names the one that may read this.</param>
internal sealed record Handover(int Format, int Pid, long StartTicks, DaemonHandles Handles, IReadOnlyList<ConversationHandover> Conversations)
{
    /// <summary>The format that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The formats that this program reads.</summary>
    public static IReadOnlyList<int> ReadableFormats { get; } = [1];

    /// <summary>The descriptors that go from program to program.</summary>
    public IReadOnlyList<int> Descriptors() => [.. Handles.Descriptors(), .. Conversations.SelectMany(conversation => conversation.Descriptors())];
}

/// <summary>The descriptors of the daemon as a whole.</summary>
/// <param name="HomeLock">The lock that keeps two runtimes from sharing a home.</param>
/// <param name="System">The listening unix socket of the system calls.</param>
/// <param name="Sessions">The listening socket of the sessions' endpoint, whose port the agents know.</param>
/// <param name="Relayed">The listening socket of sessions without a network.</param>
internal sealed record DaemonHandles(int HomeLock, int System, int Sessions, int Relayed)
{
    public IEnumerable<int> Descriptors() => [HomeLock, System, Sessions, Relayed];
}

/// <summary>What a program says of itself in <c>version --self-test</c>.</summary>
/// <param name="Handovers">The formats of a handover that it reads.</param>
internal sealed record SelfTestReport(string Version, uint MinProtocol, uint MaxProtocol, IReadOnlyList<int> Handovers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Handover))]
[JsonSerializable(typeof(SelfTestReport))]
internal sealed partial class UpgradeJson : JsonSerializerContext;
