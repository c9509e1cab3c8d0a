namespace OpAgent.Runtime.Sessions;

internal sealed partial class SessionEndpoint
{
    /// <summary>The hashes of a conversation's secrets; the secrets themselves only the agents know.</summary>
    public IReadOnlyList<string> HashesOf(Guid conversation) => [.. _conversations.Where(pair => pair.Value == conversation).Select(pair => pair.Key)];

    /// <summary>Knows secrets again that another program issued, until they are revoked.</summary>
    /// <returns>Revokes them.</returns>
    public Action Restore(IReadOnlyList<string> hashes, Guid conversation)
    {
        foreach (var hash in hashes) _conversations[hash] = conversation;
        return () =>
        {
            foreach (var hash in hashes) _conversations.TryRemove(hash, out _);
        };
    }
}
