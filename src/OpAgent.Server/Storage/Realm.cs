namespace OpAgent.Server.Storage;

/// <summary>The identity of one <c>opagent.db</c>: what a runtime knows the hosts by that share it. The only row of its table.</summary>
internal sealed class Realm
{
    public required string Id { get; init; }
}
