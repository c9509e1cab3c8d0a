namespace OpAgent.Acp.Folding;

/// <summary>How much a turn may still keep in memory, whatever the agent sends.</summary>
/// <param name="characters">What is there to begin with.</param>
internal sealed class Allowance(int characters)
{
    public int Left { get; private set; } = characters;

    /// <summary>Takes what is wanted, or what is left of it.</summary>
    public int Take(int wanted)
    {
        var taken = Math.Min(wanted, Left);
        Left -= taken;
        return taken;
    }

    public void Return(int taken) => Left += taken;
}
