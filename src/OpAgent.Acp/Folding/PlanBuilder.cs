using OpAgent.Core;
using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Folding;

/// <summary>The agent's plan as it stands.</summary>
internal sealed class PlanBuilder : BlockBuilder
{
    private const int MaxEntries = 1_000;
    private const int MaxEntryLength = 1_000;
    private const int MaxStatus = 20;

    private PlanBlock _plan = new([]);

    public void Replace(Plan plan)
    {
        // Cut at once: all of it might be as long as a line may be.
        _plan = new PlanBlock(plan.Entries
            .Take(MaxEntries)
            .Select(entry => new Core.Conversations.PlanEntry(Shortened.Text(entry.Content, MaxEntryLength), Shortened.Text(entry.Status, MaxStatus)))
            .ToValueList());
        Changed();
    }

    protected override TurnBlock Build() => _plan;
}
