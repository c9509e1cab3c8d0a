using OpAgent.Core.Conversations;
using OpAgent.Ui.Conversations;

namespace OpAgent.Ui.Tests.Conversations;

/// <summary>What a conversation's file and events call things is not what people read.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData("alice allow_once", "allowed by alice")]
    [InlineData("alice allow_always", "allowed for good by alice")]
    [InlineData("Alice Smith reject_once", "rejected by Alice Smith")]
    [InlineData("bob reject_always", "rejected for good by bob")]
    [InlineData("reject_once", "rejected")]
    [InlineData("cancelled", "cancelled")]
    [InlineData("bob not_known", "bob not known")]
    public void Decision_OfAnyKind_IsInWords(string decision, string words) => Assert.Equal(words, DecisionText.Of(decision));

    [Theory]
    [InlineData("end_turn", null)]
    [InlineData("max_tokens", "Stopped: the model's limit of tokens was reached.")]
    [InlineData("not_known", "Stopped: not known.")]
    public void Ending_OfAnyReason_IsInWords(string reason, string? words) =>
        Assert.Equal(words, TurnEnding.InWords(new Turn(Guid.Empty, "writer", DateTimeOffset.UnixEpoch) { Stop = reason }));
}
