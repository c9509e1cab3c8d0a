namespace OpAgent.Server.Security;

/// <summary>A browser in which a person has signed in. Only the hash of what its cookie holds is kept.</summary>
internal sealed class Session
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }

    /// <summary>SHA-256 of the cookie's secret. It has 256 random bits, so it needs neither salt nor a slow hash.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The host name under which the cookie was given out. Under another one it opens nothing.</summary>
    public required string Host { get; init; }

    public required string UserAgent { get; init; }
    public required string Address { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset LastSeen { get; set; }
}
