using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OpAgent.Server.Security;

public static class SecuritySetup
{
    public static void AddSecurity(this IServiceCollection services)
    {
        services.AddSingleton<SocketPeers>();
        services.AddSingleton<ApiTokens>();
        // AddAuthentication would also bring data protection, which writes keys into the user's home, and nothing here needs one.
        services.AddAuthenticationCore(options => options.DefaultScheme = Caller.Scheme);
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, DoorAuthentication>(Caller.Scheme, null);
        services.AddAuthorizationBuilder()
            // Whatever is mapped later is closed until it says otherwise.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Caller.OwnerPolicy, policy => policy.RequireAssertion(context => Caller.IsAtSocket(context.User)));
    }

    public static void UseSecurity(this IApplicationBuilder app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    public static void MapSecurity(this IEndpointRouteBuilder api) => api.MapTokens();
}
