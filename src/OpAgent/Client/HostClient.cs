using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;
using OpAgent.Server.Storage;

namespace OpAgent.Client;

/// <summary>Speaks to the host over its socket, where being the owner is the credential.</summary>
internal sealed class HostClient : IDisposable
{
    private readonly HttpClient _http;

    public HostClient(DataDirectory data) => _http = new(new SocketsHttpHandler
    {
        ConnectCallback = (_, cancellationToken) => ConnectAsync(data, cancellationToken),
        UseProxy = false,
        UseCookies = false,
    })
    {
        BaseAddress = new("http://localhost/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Whether a host serves the data directory and takes requests.</summary>
    public static async Task<bool> IsReadyAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        using var client = new HostClient(data);
        try
        {
            using var answer = await client._http.GetAsync("healthz/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public Task<Answer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(new(HttpMethod.Get, path), cancellationToken);

    public Task<Answer> PostAsync(string path, object? body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: EdgeJson.Options);
        return SendAsync(request, cancellationToken);
    }

    public Task<Answer> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(new(HttpMethod.Delete, path), cancellationToken);

    /// <summary>Opens an answer of server-sent events. The caller disposes the stream.</summary>
    public async Task<Stream> StreamAsync(string path, string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/" + path);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode) return await response.Content.ReadAsStreamAsync(cancellationToken);
        using (response) throw await RefusalAsync(response, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="ProblemException">The host refuses; the message says what to do.</exception>
    private async Task<Answer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            request.RequestUri = new("api/v1/" + request.RequestUri, UriKind.Relative);
            using var response = await _http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? new(await response.Content.ReadAsStringAsync(cancellationToken))
                : throw await RefusalAsync(response, cancellationToken);
        }
    }

    private static async Task<ProblemException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var details = await response.Content.ReadFromJsonAsync<ProblemDetails>(EdgeJson.Options, cancellationToken);
        var problem = new Problem(details?.Type ?? KnownProblems.Internal.Type, (int)response.StatusCode, details?.Title ?? "The host refuses");
        return problem.With(details?.Detail ?? $"The host answered with status {(int)response.StatusCode}.");
    }

    private static async ValueTask<Stream> ConnectAsync(DataDirectory data, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var path = UnixSocketPath.For(data.HostSocket);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path.Address), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>What the host answered.</summary>
internal sealed record Answer(string Json)
{
    public T As<T>() => JsonSerializer.Deserialize<T>(Json, EdgeJson.Options)!;
}
