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

    /// <summary>The account it belongs to; null for one that was made at the host's socket.</summary>
    public string? AccountId { get; init; }

    public required Scope Scopes { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    public TokenView View() => new(Id, Name, Person, Scopes.Names(), Created, Expires);
}
