using System.Text.Json;

namespace OpAgent.Ui.Tests.Markdown;

/// <summary>The payloads of tests/Fixtures/hostile.</summary>
internal static class HostileCorpus
{
    private static readonly string[] NotText = ["file-name", "agent-name", "tool-title"];

    public static IReadOnlyList<HostilePayload> All { get; } = JsonSerializer.Deserialize<List<HostilePayload>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hostile", "payloads.json")), JsonSerializerOptions.Web)!;

    public static TheoryData<string> Names => [.. All.Select(payload => payload.Name)];

    public static TheoryData<string> LoopbackNames => [.. All.Where(payload => payload.Kind == "loopback").Select(payload => payload.Name)];

    public static HostilePayload Named(string name) => All.Single(payload => payload.Name == name);

    public static bool IsText(HostilePayload payload) => !NotText.Contains(payload.Kind);
}

internal sealed record HostilePayload(string Name, string Kind, string Content);
