using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Folding;

/// <summary>A notice; it does not change.</summary>
internal sealed class NoticeBuilder(NoticeBlock notice) : BlockBuilder
{
    protected override TurnBlock Build() => notice;
}
