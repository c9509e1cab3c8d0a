using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Folding;

/// <summary>A block of the turn that may still change. The block itself is built only when somebody looks.</summary>
internal abstract class BlockBuilder
{
    private TurnBlock? _block;

    /// <summary>The block as it stands, in the form in which a conversation file holds it.</summary>
    public TurnBlock Block => _block ??= Normalize(Build());

    /// <summary>What did not fit into the block; null when all did.</summary>
    public virtual SpilledOutput? Spilled => null;

    protected abstract TurnBlock Build();

    protected void Changed() => _block = null;

    /// <summary>The page shows the block before it is written and after it was read again; both are to be the same.</summary>
    private static TurnBlock Normalize(TurnBlock block)
    {
        var turn = new Turn(Guid.Empty, "", DateTimeOffset.UnixEpoch) { Blocks = [block] }.Normalized();
        return turn.Blocks is [var normalized] ? normalized : block;
    }
}
