using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Security;

/// <summary>Makes, checks and revokes API tokens.</summary>
internal sealed class ApiTokens(TokenTable table, TimeProvider time, ILogger<ApiTokens> logger)
{
    private const string Prefix = "opa_";
    private const int SecretBytes = 32;
    private const int LongestName = 100;

    public async Task<NewTokenView> CreateAsync(string? name, string person, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName)
            throw KnownProblems.InvalidRequest.With($"A token needs a name of at most {LongestName} characters that says what it is for.");

        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var token = new ApiToken
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(), Name = name.Trim(), Hash = Hash(secret), Person = person, Created = time.GetUtcNow(),
        };
        await table.AddAsync(token, cancellationToken);
        logger.TokenMade(token.Name, token.Id, person);
        return new(token.Id, token.Name, secret, token.Created);
    }

    /// <summary>The person whom the token acts for, or null where it opens nothing.</summary>
    public async Task<string?> FindPersonAsync(string secret, CancellationToken cancellationToken) =>
        secret.StartsWith(Prefix, StringComparison.Ordinal) ? await table.FindPersonAsync(Hash(secret), cancellationToken) : null;

    public async Task<IReadOnlyList<TokenView>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await table.ListAsync(cancellationToken)).Select(token => new TokenView(token.Id, token.Name, token.Created))];

    public async Task RevokeAsync(string id, string person, CancellationToken cancellationToken)
    {
        if (!await table.RemoveAsync(id, cancellationToken))
            throw KnownProblems.TokenNotFound.With($"No token has the id '{id}': GET /api/v1/tokens lists them.");
        logger.TokenRevoked(id, person);
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>A token without its secret.</summary>
public sealed record TokenView(string Id, string Name, DateTimeOffset Created);

/// <summary>A new token. Its secret is shown this once.</summary>
public sealed record NewTokenView(string Id, string Name, string Token, DateTimeOffset Created);
