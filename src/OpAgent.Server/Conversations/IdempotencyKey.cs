using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OpAgent.Core.Problems;
using OpAgent.Server.Security;

namespace OpAgent.Server.Conversations;

/// <summary>
/// The id under which a request takes effect. With an <c>Idempotency-Key</c> it follows from the person, the key and the address, so that a
/// repetition carries the same id, reaches the runtime as the same command and happens once; nothing has to be remembered here.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int LongestKey = 255;

    /// <exception cref="ProblemException">The key is empty or too long.</exception>
    public static Guid IdFor(HttpContext context, TimeProvider time)
    {
        var key = context.Request.Headers[Header];
        if (key.Count == 0) return Guid.CreateVersion7(time.GetUtcNow());
        if (key.Count > 1 || key.ToString() is not { Length: > 0 and <= LongestKey } text)
            throw KnownProblems.InvalidRequest.With($"{Header}: send one key of 1 to {LongestKey} characters.");
        return Derive(context.Person(), text, context.Request.Path);
    }

    public static bool IsSent(HttpContext context) => context.Request.Headers.ContainsKey(Header);

    // A UUID of version 8: what is in it is ours to say (RFC 9562, section 5.8).
    private static Guid Derive(string person, string key, string route)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{person}\0{key}\0{route}"), hash);
        hash[6] = (byte)(hash[6] & 0x0F | 0x80);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
