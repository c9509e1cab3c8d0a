using System.Text.Json;

namespace OpAgent.Acp.Tests.Connections;

/// <summary>One update of each kind, with as much in it as there can be.</summary>
internal static class EveryUpdate
{
    private static readonly JsonElement Raw = JsonElement.Parse("""{"a":[1,"two",null]}""");

    public static IReadOnlyList<SessionUpdate> All { get; } =
    [
        new UserMessageChunk(new TextContent("hi")),
        new AgentMessageChunk(new TextContent("line\nbreak \"quoted\" é 😀 \u2028")
        {
            Annotations = new Annotations { Audience = ["user"], Priority = 0.5, LastModified = "2026-11-22T15:29:00Z" },
        }) { MessageId = "m1" },
        new AgentThoughtChunk(new ImageContent("AAAA", "image/png") { Uri = "file:///a.png" }),
        new AgentMessageChunk(new AudioContent("AAAA", "audio/wav")),
        new AgentMessageChunk(new ResourceLink("a.md", "file:///a.md") { Title = "A", Description = "d", MimeType = "text/markdown", Size = 5 }),
        new AgentMessageChunk(new EmbeddedResource(new TextResourceContents("text", "file:///a.md") { MimeType = "text/plain" })),
        new AgentMessageChunk(new EmbeddedResource(new BlobResourceContents("AAAA", "file:///a.bin"))),
        new ToolCall("t1", "Edit a.md")
        {
            Name = "edit",
            Kind = ToolKind.Edit,
            Status = ToolCallStatus.Pending,
            Content =
            [
                new ToolCallContentBlock(new TextContent("out")),
                new ToolCallDiff("/srv/a.md", "new") { OldText = "old" },
                new ToolCallTerminal("term1"),
            ],
            Locations = [new ToolCallLocation("/srv/a.md") { Line = 3 }],
            RawInput = Raw,
            RawOutput = Raw,
        },
        new ToolCallUpdate("t1") { Status = ToolCallStatus.Completed, Title = "Edited", Kind = ToolKind.Edit, Name = "edit", Content = [], Locations = [] },
        new ToolCallUpdate("t1"),
        new Plan([new PlanEntry("do it", PlanEntryPriority.High, PlanEntryStatus.InProgress)]),
        new AvailableCommandsUpdate([new AvailableCommand("report", "Writes a report") { Input = new AvailableCommandInput("topic") }]),
        new CurrentModeUpdate("ask"),
        new ConfigOptionUpdate([new BooleanConfigOption("web", "Web", false) { Description = "d", Category = "other" }]),
        new SessionInfoUpdate { Title = "A title", UpdatedAt = "2026-11-22T15:29:00Z" },
        new UsageUpdate(1_000, 200_000) { Cost = new Cost(0.25, "USD") },
        new Notice("info", "A notice") { Description = "more" },
        new CompactionUpdate("c1", "completed") { Summary = [new TextContent("short")], Error = "none" },
        new CompactionSummaryChunk("c1", new TextContent("short")),
    ];
}
