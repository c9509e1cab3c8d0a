using System.Text.Json;

namespace OpAgent.Server.Tests;

/// <summary>Reads server-sent events line by line, as they are on the wire.</summary>
internal sealed class ServerSentEvents : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private ServerSentEvents(HttpResponseMessage response, Stream stream) => (_response, _reader) = (response, new(stream));

    /// <summary>How many comments came so far.</summary>
    public int Comments { get; private set; }

    public HttpResponseMessage Response => _response;

    public static async Task<ServerSentEvents> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, HostFixture.Cancellation).WaitAsync(HostFixture.Limit);
        Assert.True(response.IsSuccessStatusCode, $"{path} was answered with {(int)response.StatusCode}.");
        return new(response, await response.Content.ReadAsStreamAsync(HostFixture.Cancellation));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<ServerSentEvent?> ReadAsync()
    {
        string? id = null, name = null, data = null;
        while (await ReadLineAsync() is { } line)
        {
            if (line.StartsWith(':')) Comments++;
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && data is not null) return new(id, name!, data);
        }

        return null;
    }

    public async Task<List<ServerSentEvent>> ReadAsync(int count)
    {
        var events = new List<ServerSentEvent>();
        while (events.Count < count) events.Add(await ReadAsync() ?? throw new EndOfStreamException($"The stream ended after {events.Count} of {count} events."));
        return events;
    }

    /// <summary>Reads until a comment comes.</summary>
    public async Task ReadCommentAsync()
    {
        var before = Comments;
        while (Comments == before)
        {
            if ((await ReadLineAsync())!.StartsWith(':')) Comments++;
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private Task<string?> ReadLineAsync() => _reader.ReadLineAsync(HostFixture.Cancellation).AsTask().WaitAsync(HostFixture.Limit);
}

internal sealed record ServerSentEvent(string? Id, string Name, string Data)
{
    public JsonElement Json => JsonElement.Parse(Data);
}
