using System.Security.Cryptography;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Security;

/// <summary>Codes that are used once, within a short time, after few wrong attempts.</summary>
internal sealed class OneTimeCodes(CodeTable table, TimeProvider time)
{
    public const int Attempts = 5;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    // No letter that is taken for a digit. 12 of 32 letters are 60 random bits: more than can be tried from the hash while the code lives.
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 12;
    private const int Group = 4;

    /// <summary>Makes a code; an earlier one for the same subject ends.</summary>
    public async Task<(string Code, DateTimeOffset Expires)> MakeAsync(string subject, CancellationToken cancellationToken)
    {
        var letters = RandomNumberGenerator.GetString(Letters, Length);
        var expires = time.GetUtcNow() + Lifetime;
        await table.PutAsync(new() { Subject = subject, Hash = Secret.Hash(letters), Expires = expires, AttemptsLeft = Attempts }, cancellationToken);
        return (string.Join('-', letters.Chunk(Group).Select(group => new string(group))), expires);
    }

    /// <summary>Uses the code up, or one of the attempts at it.</summary>
    public Task<bool> RedeemAsync(string subject, string? code, CancellationToken cancellationToken) =>
        table.RedeemAsync(subject, Secret.Hash(Read(code ?? "")), cancellationToken);

    public Task EndAsync(string subject, CancellationToken cancellationToken) => table.RemoveAsync(subject, cancellationToken);

    // As a person may have copied it.
    private static string Read(string code) => string.Concat(code.Take(100).Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant))
        .Replace('O', '0').Replace('I', '1').Replace('L', '1');
}
