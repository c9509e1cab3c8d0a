using Microsoft.Extensions.Options;

namespace OpAgent.Server.Edge;

/// <summary>The address under which people open the page.</summary>
public sealed class PageAddress(IOptions<EdgeOptions> options)
{
    /// <summary>The page's own name on this machine: a browser sends the cookies of 127.0.0.1 to every port there, an agent's among them.</summary>
    public const string LocalName = "opagent.localhost";

    private volatile string _root = EdgeOptions.DefaultUrl;

    /// <summary>Scheme, name and port, without a slash at the end.</summary>
    public string Root => options.Value.PublicUrl is { Length: > 0 } url ? url.TrimEnd('/') : _root;

    /// <summary>An address on the page. What stands in the fragment is never sent to a server.</summary>
    public string Link(string path, string? fragment = null) => Root + path + (fragment is null ? "" : "#" + fragment);

    internal void ListensOn(IReadOnlyList<string> urls)
    {
        if (urls.Count == 0) return;
        // [::] and 0.0.0.0 are no addresses to open, and localhost is not the page's own name.
        var url = new Uri(urls.FirstOrDefault(url => new Uri(url).IsLoopback) ?? urls[0]);
        _root = new UriBuilder(url) { Host = url.IsLoopback || url.Host is "0.0.0.0" or "[::]" ? LocalName : url.Host }.Uri.GetLeftPart(UriPartial.Authority);
    }
}
