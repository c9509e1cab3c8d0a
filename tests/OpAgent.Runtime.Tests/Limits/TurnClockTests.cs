using Microsoft.Extensions.Time.Testing;
using OpAgent.Runtime.Limits;

namespace OpAgent.Runtime.Tests.Limits;

public sealed class TurnClockTests
{
    private readonly FakeTimeProvider _time = new();
    private int _over;

    [Fact]
    public void Clock_RunsToItsLimit_IsOverOnce()
    {
        using var clock = Start(TimeSpan.FromMinutes(30));

        _time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, _over);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _over);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, _over);
    }

    [Fact]
    public void Stand_ThenGo_DoesNotCountTheTimeBetween()
    {
        using var clock = Start(TimeSpan.FromMinutes(30));

        _time.Advance(TimeSpan.FromMinutes(20));
        clock.Stand();
        clock.Stand();
        _time.Advance(TimeSpan.FromDays(3));
        clock.Go();
        clock.Go();
        _time.Advance(TimeSpan.FromMinutes(9));
        clock.Stand();
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(0, _over);
        clock.Go();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1, _over);
    }

    [Fact]
    public void Clock_LongerThanATimerCanBe_IsOverInItsTime()
    {
        using var clock = Start(TimeSpan.FromDays(400));

        for (var day = 1; day < 400; day++) _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, _over);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, _over);
    }

    [Fact]
    public void Dispose_BeforeTheEnd_EndsNothing()
    {
        var clock = Start(TimeSpan.FromMinutes(1));
        clock.Dispose();

        _time.Advance(TimeSpan.FromMinutes(2));
        clock.Stand();

        Assert.Equal(0, _over);
    }

    private TurnClock Start(TimeSpan limit) => new(_time, limit, () => _over++);
}
