using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OpAgent.Server.Security;

/// <summary>Random strings that open something, and the hashes that are kept of them.</summary>
internal static class Secret
{
    private const int Bytes = 32;

    /// <summary>256 random bits behind a prefix by which a leaked secret is recognized.</summary>
    public static string Make(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
