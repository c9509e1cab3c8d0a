using OpAgent.Core.Problems;

namespace OpAgent.Commands;

/// <summary>What a command reports of itself: no host was asked yet, or it gave no answer.</summary>
internal static class CommandProblems
{
    public static readonly Problem Usage = new("usage", 400, "The command is not written right");
    public static readonly Problem HostNotReached = new("host-not-reached", 503, "The host cannot be reached");
    public static readonly Problem HostRuns = new("host-runs", 409, "Another host serves the data directory");
}
