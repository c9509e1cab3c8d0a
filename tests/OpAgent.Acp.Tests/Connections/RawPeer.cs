using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;

namespace OpAgent.Acp.Tests.Connections;

/// <summary>The other side of a connection, written by hand: it sends any bytes and reads what comes back line by line.</summary>
internal sealed class RawPeer
{
    private readonly Pipe _toConnection = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _fromConnection = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly StreamReader _lines;

    public RawPeer() => _lines = new StreamReader(_fromConnection.Reader.AsStream());

    /// <summary>What the connection reads.</summary>
    public Stream Input => _toConnection.Reader.AsStream();

    /// <summary>What the connection writes.</summary>
    public Stream Output => _fromConnection.Writer.AsStream();

    public Task SendAsync(params string[] lines) => SendAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public async Task SendAsync(byte[] bytes) => await _toConnection.Writer.WriteAsync(bytes);

    public void End() => _toConnection.Writer.Complete();

    public void Fail(Exception error) => _toConnection.Writer.Complete(error);

    public async Task<JsonNode> ReadAsync() => JsonNode.Parse(await ReadLineAsync())!;

    public async Task<string> ReadLineAsync() => await _lines.ReadLineAsync().Soon() ?? throw new EndOfStreamException("The connection ended.");

    /// <summary>Reads a request and answers it.</summary>
    public async Task AnswerAsync(string result)
    {
        var request = await ReadAsync();
        await SendAsync($$"""{"jsonrpc":"2.0","id":{{request["id"]!.ToJsonString()}},"result":{{result}}}""");
    }
}
