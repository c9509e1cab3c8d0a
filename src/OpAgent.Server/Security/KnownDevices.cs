using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace OpAgent.Server.Security;

/// <summary>Browsers in which somebody has signed in before, told by a sealed cookie that outlives the session.</summary>
internal sealed class KnownDevices(IDataProtectionProvider protection, SessionCookie cookie)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("OpAgent.KnownDevices").ToTimeLimitedDataProtector();

    /// <summary>A key for the browser, where this person has signed in with it before.</summary>
    public string? Find(HttpContext context, Account? account)
    {
        if (account is null || cookie.Read(context, SessionCookie.Device) is not { } sealedText) return null;
        try
        {
            var text = _protector.Unprotect(sealedText);
            return text.StartsWith(account.Id + " ", StringComparison.Ordinal) ? "device " + text : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Remember(HttpContext context, Account account) =>
        cookie.Write(context, SessionCookie.Device, _protector.Protect($"{account.Id} {Guid.NewGuid():N}", Lifetime), Lifetime);
}
