using System.Text;
using OpAgent.Core.Text;

namespace OpAgent.Core.Conversations;

/// <summary>A plan as a Markdown checklist: <c>- [ ]</c> pending, <c>- [-]</c> in progress, <c>- [x]</c> completed.</summary>
internal static class Checklist
{
    public static string Write(PlanBlock plan)
    {
        var list = new StringBuilder();
        foreach (var entry in plan.Entries)
        {
            if (list.Length > 0) list.Append('\n');
            list.Append("- [").Append(Sign(entry.Status)).Append("] ").Append(entry.Content);
        }
        return list.ToString();
    }

    /// <summary>Every line that is not blank becomes a step, one without a box is pending.</summary>
    public static PlanBlock Read(string list)
    {
        var entries = new List<PlanEntry>();
        foreach (var line in list.Split('\n'))
        {
            if (!TextForm.IsBlank(line)) entries.Add(ReadEntry(line.Trim(' ', '\t')));
        }
        return new PlanBlock(entries.ToValueList());
    }

    public static string Summary(PlanBlock plan) => $"Plan: {plan.Entries.Count(entry => entry.Status == "completed")} of {plan.Entries.Count} done";

    private static PlanEntry ReadEntry(string line)
    {
        if (line is not ['-' or '*', ' ', '[', var sign, ']', ..]) return new PlanEntry(line, "pending");
        var status = sign switch
        {
            'x' or 'X' => "completed",
            '-' => "in_progress",
            _ => "pending",
        };
        return new PlanEntry(line[5..].Trim(), status);
    }

    private static char Sign(string status) => status switch
    {
        "completed" => 'x',
        "in_progress" => '-',
        _ => ' ',
    };
}
