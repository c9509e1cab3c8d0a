using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace OpAgent.Server.Tests;

/// <summary>What a browser does: keeps cookies, names its origin, and sends the antiforgery token that the page holds. Every name leads to this machine.</summary>
internal sealed class Browser : IDisposable
{
    public const string Owner = "alice";
    public const string Password = "correct horse battery";

    public Browser(Uri url)
    {
        Cookies = new();
        Http = new(new SocketsHttpHandler { CookieContainer = Cookies, UseProxy = false, AllowAutoRedirect = false, ConnectCallback = ConnectAsync }) { BaseAddress = new(url, "/api/v1/") };
        Http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    }

    public HttpClient Http { get; }

    public CookieContainer Cookies { get; }

    /// <summary>The value of the session's cookie; null where there is none.</summary>
    public string? Session => Cookies.GetCookies(Http.BaseAddress!)["opagent"]?.Value is { Length: > 0 } value ? value : null;

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path, HostFixture.Cancellation);

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<HttpResponseMessage> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<HttpResponseMessage> SignInAsync(string name = Owner, string password = Password) => PostAsync("account/sign-in", new { name, password });

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        var token = (await HostFixture.ReadAsync(await GetAsync("account/antiforgery"))).GetProperty("token").GetString();
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-OpAgent-Antiforgery", token);
        request.Headers.Add("Origin", Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return await Http.SendAsync(request, HostFixture.Cancellation);
    }

    public void Dispose() => Http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
