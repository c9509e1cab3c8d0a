using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OpAgent.Runtime.Limits;

namespace OpAgent.Runtime.Tests.Limits;

public class OutputMeterTests
{
    [Fact]
    public void Add_AnyAmountsAtAnyTimes_IsTheSumOfTheLastSeconds() => Gen.Select(Gen.Int[0, 2_500], Gen.Int[0, 1_000_000]).Array[0, 50].Sample(steps =>
    {
        var time = new FakeTimeProvider();
        var meter = new OutputMeter(time);
        var written = new List<(long Second, long Bytes)>();
        var now = 0L;
        foreach (var (pause, bytes) in steps)
        {
            now += pause;
            time.Advance(TimeSpan.FromMilliseconds(pause));
            written.Add((now / 1000, bytes));

            Assert.Equal(written.Where(item => item.Second > now / 1000 - OutputMeter.Window.TotalSeconds).Sum(item => item.Bytes), meter.Add(bytes));
        }
    });

    [Fact]
    public void Add_AfterALongSilence_StartsAnew()
    {
        var time = new FakeTimeProvider();
        var meter = new OutputMeter(time);
        meter.Add(int.MaxValue);
        time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(7, meter.Add(7));
    }
}
