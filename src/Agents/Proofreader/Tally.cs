namespace OpAgent.Agents.Proofreader;

/// <summary>What a turn has done so far.</summary>
internal sealed class Tally
{
    public int Files { get; set; }

    public int Findings { get; set; }

    public int Fixed { get; set; }

    /// <summary>Files that were left alone, with the reason.</summary>
    public List<(string Path, string Reason)> Skipped { get; } = [];
}
