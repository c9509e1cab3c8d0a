using OpAgent.Core;
using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Folding;

/// <summary>The agent's plan as it stands.</summary>
internal sealed class PlanBuilder : BlockBuilder
{
    private const int MaxEntries = 1_000;
    private const int MaxEntryLength = 1_000;

    private Plan _plan = new([]);

    public void Replace(Plan plan)
    {
        _plan = plan;
        Changed();
    }

    protected override TurnBlock Build() => new PlanBlock(_plan.Entries
        .Take(MaxEntries)
        .Select(entry => new Core.Conversations.PlanEntry(Shortened.Text(entry.Content, MaxEntryLength), entry.Status))
        .ToValueList());
}
