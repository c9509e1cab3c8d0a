using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpAgent.Server.Edge;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Security;

public static class SecuritySetup
{
    private const int HashIterations = 210_000;
    private const int FailuresUntilLocked = 50;
    private static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    public static void AddSecurity(this IServiceCollection services, DataDirectory data)
    {
        services.AddSingleton<SocketPeers>();
        services.AddAuthenticationCore(options => options.DefaultScheme = Caller.Scheme);
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, DoorAuthentication>(Caller.Scheme, null);
        services.AddAccess();
        services.AddKeys(data);
        services.AddAccounts();
        services.AddSessions();
    }

    public static void UseSecurity(this IApplicationBuilder app)
    {
        app.UseAuthentication();
        app.UseMiddleware<RevocationGuard>();
        app.UseAuthorization();
        app.UseMiddleware<AntiforgeryCheck>();
        // Pages with forms ask for it. Every request that it would refuse has been refused by now.
        app.UseAntiforgery();
    }

    public static void MapSecurity(this IEndpointRouteBuilder api)
    {
        api.MapAccount();
        api.MapTokens();
        api.MapUsers();
    }

    private static void AddKeys(this IServiceCollection services, DataDirectory data)
    {
        data.CreateKeys();
        services.AddDataProtection().SetApplicationName("opagent").PersistKeysToFileSystem(new(data.Keys));
        // It warns that the keys are not encrypted: they lie where only their owner reads, as everything else that the host keeps.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            // Who sends no antiforgery token hears it.
            .AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error));
        services.AddAntiforgery(options =>
        {
            options.HeaderName = AntiforgeryCheck.Header;
            options.Cookie.Name = "opagent-antiforgery";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
    }

    private static void AddAccounts(this IServiceCollection services)
    {
        services.AddIdentityCore<Account>(options =>
        {
            // AccountRules says what names and passwords are like.
            options.User.AllowedUserNameCharacters = "";
            options.Password = new()
            {
                RequiredLength = AccountRules.ShortestPassword, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false,
            };
            options.Lockout.MaxFailedAccessAttempts = FailuresUntilLocked;
            options.Lockout.DefaultLockoutTimeSpan = LockedFor;
        });
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = HashIterations);
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddSingleton<AccountIdentity>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<AttemptLimits>();
        services.AddSingleton<AttemptGate>();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<OwnerSteps>();
        services.AddSingleton(provider => new SetupCodes(
            provider.Of<AccountTable>(), provider.Of<OneTimeCodes>(), provider.Of<PageAddress>(), provider.Of<ILogger<SetupCodes>>()));
        services.AddSingleton(provider => new Accounts(
            provider.Of<AccountTable>(), provider.Of<AccountIdentity>(), provider.Of<OneTimeCodes>(), provider.Of<Sessions>(), provider.Of<ApiTokens>(),
            provider.Of<PageAddress>(), provider.Of<ILogger<Accounts>>()));
        services.AddSingleton(provider => new AccountDoor(
            provider.Of<AccountIdentity>(), provider.Of<Accounts>(), provider.Of<SetupCodes>(), provider.Of<Sessions>(), provider.Of<AttemptGate>(),
            provider.Of<KnownDevices>(), provider.Of<OwnerSteps>(), provider.Of<ILogger<AccountDoor>>()));
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SessionWatch>();
        services.AddHostedService<SessionCheck>();
        services.AddSingleton(provider => new Sessions(
            provider.Of<SessionTable>(), provider.Of<SessionCookie>(), provider.Of<SessionWatch>(), provider.Of<TimeProvider>(), provider.Of<ILogger<Sessions>>()));
        services.AddSingleton(provider => new ApiTokens(
            provider.Of<TokenTable>(), provider.Of<SessionWatch>(), provider.Of<TimeProvider>(), provider.Of<ILogger<ApiTokens>>()));
    }

    private static T Of<T>(this IServiceProvider provider) where T : notnull => provider.GetRequiredService<T>();
}
