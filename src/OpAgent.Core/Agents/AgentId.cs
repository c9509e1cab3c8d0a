namespace OpAgent.Core.Agents;

/// <summary>The grammar of agent ids: <c>[a-z0-9][a-z0-9._-]*</c>, at most 64 characters, and not <c>none</c>, which stands for no agent.</summary>
public static class AgentId
{
    public const int MaxLength = 64;

    public static bool IsValid(ReadOnlySpan<char> id)
    {
        if (id.IsEmpty || id.Length > MaxLength || id.SequenceEqual(AgentReference.NoneWord) || !IsLetterOrDigit(id[0])) return false;
        foreach (var c in id)
        {
            if (!IsLetterOrDigit(c) && c is not ('.' or '_' or '-')) return false;
        }
        return true;
    }

    private static bool IsLetterOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
