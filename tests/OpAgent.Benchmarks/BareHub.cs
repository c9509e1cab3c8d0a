using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpAgent.Benchmarks;

/// <summary>The floor of chunk latency: a hub that streams the time, in a process of its own as OpAgent's host is. Ends with its standard input.</summary>
internal static class BareHub
{
    public const string Argument = "--bare-hub";

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSignalR();
        await using var app = builder.Build();
        app.MapHub<StampHub>("/hub");
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync();
    }

    public static long Microseconds() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public sealed class StampHub : Hub
    {
        public async IAsyncEnumerable<string> Stamps(int count, int interval, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(interval));
            for (var i = 0; i < count && await timer.WaitForNextTickAsync(cancellationToken); i++) yield return Microseconds().ToString(CultureInfo.InvariantCulture);
        }
    }
}
