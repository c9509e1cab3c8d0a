using Microsoft.Extensions.Options;

namespace OpAgent.Server.Edge;

/// <summary>How the host is reached from outside. The keys stand at the top of the configuration.</summary>
public sealed class EdgeOptions
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Where to listen, separated by semicolons. Null: <see cref="DefaultUrl"/>, or another port where that one is taken.</summary>
    public string? Urls { get; set; }

    /// <summary>The address under which people reach the host, where that is not the one it listens on: behind a proxy, say.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Further host names by which the host may be called, separated by semicolons.</summary>
    public string? AllowedHosts { get; set; }

    /// <summary>Addresses of proxies whose X-Forwarded headers are believed, separated by semicolons.</summary>
    public string? TrustedProxies { get; set; }

    /// <summary>Listen beyond this machine without TLS: everybody on the way reads along.</summary>
    public bool InsecureHttp { get; set; }

    internal static string[] Split(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}

/// <summary>Finds what cannot work before anything is opened.</summary>
internal sealed class EdgeOptionsValidator : IValidateOptions<EdgeOptions>
{
    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        var failures = new List<string>();
        foreach (var url in EdgeOptions.Split(options.Urls))
        {
            if (!ListenAddress.TryParse(url, out var address))
                failures.Add($"Urls: '{url}' is no address to listen on: write http://127.0.0.1:5080, say.");
            else if (!address.IsLoopback && !address.IsHttps && !options.InsecureHttp)
                failures.Add($"Urls: '{url}' is open to other machines without TLS, so that everybody on the way can read tokens and conversations. Use https, or say --insecure-http if the network is trusted.");
        }

        if (options.PublicUrl is { Length: > 0 } publicUrl
            && !(Uri.TryCreate(publicUrl, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "" }))
            failures.Add($"PublicUrl: '{publicUrl}' is no http or https address without a path: write https://agents.example.org, say.");
        failures.AddRange(EdgeOptions.Split(options.AllowedHosts).Where(host => Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
            .Select(host => $"AllowedHosts: '{host}' is no host name; it goes without scheme and port."));
        failures.AddRange(EdgeOptions.Split(options.TrustedProxies).Where(proxy => !System.Net.IPAddress.TryParse(proxy, out _))
            .Select(proxy => $"TrustedProxies: '{proxy}' is no IP address."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
