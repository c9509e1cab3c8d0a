namespace OpAgent.Fuzzing;

/// <summary>Something that takes input nobody vouches for.</summary>
internal interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Input to begin with: good, almost good, and what made trouble before.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>Words that mean something to the target.</summary>
    IReadOnlyList<byte[]> Dictionary { get; }

    /// <summary>Takes one input and checks the result. Whatever this throws is a finding.</summary>
    /// <returns>What kind of result it was: input that led to a new kind is worth mutating further.</returns>
    int Run(byte[] input);
}
