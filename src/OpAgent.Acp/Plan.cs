using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary><c>plan</c>: what the agent means to do; each plan replaces the one before.</summary>
public sealed record Plan([property: JsonConverter(typeof(ListOrEmpty<PlanEntry>))] IReadOnlyList<PlanEntry> Entries) : SessionUpdate;

/// <summary>One step of a plan.</summary>
/// <param name="Content">What is to be done.</param>
/// <param name="Priority"><c>high</c>, <c>medium</c> or <c>low</c>.</param>
/// <param name="Status">See <see cref="PlanEntryStatus"/>.</param>
public sealed record PlanEntry(string Content, string Priority, string Status) : AcpObject;

/// <summary>How far a step of a plan is.</summary>
public static class PlanEntryStatus
{
    public const string Pending = "pending";
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
}

/// <summary>How much a step of a plan matters.</summary>
public static class PlanEntryPriority
{
    public const string High = "high";
    public const string Medium = "medium";
    public const string Low = "low";
}
