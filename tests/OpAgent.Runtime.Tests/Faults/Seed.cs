namespace OpAgent.Runtime.Tests.Faults;

/// <summary>Where a history's random choices come from. Printed with the test; OPAGENT_SEED in the environment gives them again.</summary>
internal static class Seed
{
    private const string Variable = "OPAGENT_SEED";

    public static Random Next()
    {
        var seed = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? int.Parse(given) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"{Variable}={seed}");
        return new Random(seed);
    }
}
