using OpAgent.Server.Conversations;

namespace OpAgent.Server.Tests.Conversations;

public sealed class EventPositionTests
{
    [Theory]
    [InlineData(null, "", 0)]
    [InlineData("", "", 0)]
    [InlineData("7", "", 7)]
    [InlineData("019ab3c4-0000-7000-8000-000000000000-12", "019ab3c4-0000-7000-8000-000000000000", 12)]
    [InlineData("+7", "unknown", 0)]
    [InlineData("1.5", "unknown", 0)]
    [InlineData("99999999999999999999", "unknown", 0)]
    public void Parse_OfWhatAReaderSends_IsAPlaceOrNone(string? text, string epoch, long seq) =>
        Assert.Equal(new EventPosition(epoch, seq), EventPosition.Parse(text));
}
