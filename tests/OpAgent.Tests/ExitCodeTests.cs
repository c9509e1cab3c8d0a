namespace OpAgent.Tests;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("end_turn", false, 0)]
    [InlineData("end_turn", true, 1)]
    [InlineData("refusal", false, 3)]
    [InlineData("interrupted", true, 6)]
    [InlineData("deadline", true, 7)]
    [InlineData("limit", true, 8)]
    [InlineData("something-new", false, 1)]
    [InlineData(null, false, 1)]
    public void ForTurn_ByStopReason_IsItsCode(string? stopReason, bool hasError, int exit) =>
        Assert.Equal(exit, ExitCode.ForTurn(stopReason, hasError));
}
