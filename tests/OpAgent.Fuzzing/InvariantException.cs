namespace OpAgent.Fuzzing;

/// <summary>Something that must hold of every input did not.</summary>
internal sealed class InvariantException(string message) : Exception(message)
{
    public static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new InvariantException(otherwise);
    }
}
