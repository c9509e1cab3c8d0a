namespace OpAgent.Ui.Conversations;

/// <summary>How a tool call was decided about, for people.</summary>
internal static class DecisionText
{
    /// <param name="decision">As the conversation holds it: who and which kind of answer, or that nobody answered.</param>
    public static string Of(string decision)
    {
        var blank = decision.LastIndexOf(' ');
        var (by, kind) = blank < 0 ? ("", decision) : ($" by {decision[..blank]}", decision[(blank + 1)..]);
        return kind switch
        {
            "allow_once" => $"allowed{by}",
            "allow_always" => $"allowed for good{by}",
            "reject_once" => $"rejected{by}",
            "reject_always" => $"rejected for good{by}",
            _ => decision.Replace('_', ' '),
        };
    }
}
