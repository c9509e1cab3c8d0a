using Microsoft.AspNetCore.Http;

namespace OpAgent.Server.Security;

/// <summary>Cuts off whatever a session or token has open when it ends: event streams, hubs, the page's circuit, downloads.</summary>
internal sealed class RevocationGuard(RequestDelegate next, SessionWatch watch)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using var lease = watch.Follow(context.User);
        if (!lease.Ended.CanBeCanceled)
        {
            await next(context);
            return;
        }

        context.Features.Set(lease);
        await using var registration = lease.Ended.Register(() =>
        {
            if (!lease.IsReleased) context.Abort();
        });
        await next(context);
    }
}
