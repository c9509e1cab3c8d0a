using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Tests.Hosting;

public sealed class BurstMemoryTests
{
    [Fact]
    public void Look_AfterABurstIsOver_CollectsOnce()
    {
        var (allocated, collections) = (10_000_000L, 0);
        var memory = new BurstMemory(() => allocated, () => collections++);
        memory.Look();
        allocated += 1_000;
        memory.Look();
        Assert.Equal(0, collections);

        allocated += 500_000_000;
        memory.Look();
        Assert.Equal(0, collections);
        for (var i = 0; i < 3; i++) memory.Look();

        Assert.Equal(1, collections);
    }
}
