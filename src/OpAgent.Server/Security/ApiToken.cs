namespace OpAgent.Server.Security;

/// <summary>A token that opens the host's API over TCP. Only its hash is kept.</summary>
internal sealed class ApiToken
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>SHA-256 of the whole token. It has 256 random bits, so it needs neither salt nor a slow hash.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The person it acts for.</summary>
    public required string Person { get; init; }

    public required DateTimeOffset Created { get; init; }
}
