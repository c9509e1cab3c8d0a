using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace OpAgent.Acp.Wire;

/// <content>What the peer asks of this side.</content>
internal sealed partial class PeerConnection
{
    private readonly ConcurrentDictionary<string, IncomingRequest> _incoming = new();
    private readonly CancellationTokenSource _lifetime = new();
    private int _unanswered;
    private long _openBytes;

    /// <summary>Starts a handler and goes on: the answer is sent when it is there.</summary>
    private void StartRequest(in Message message, ReadOnlySpan<byte> line)
    {
        if (_unanswered >= 2L * _options.MaxOpenRequests)
        {
            // The peer asks and asks without reading the answers.
            Junk(line, JunkReason.TooManyRequests);
            return;
        }
        var request = new IncomingRequest(message.Id, message.Method, line.Length, _lifetime.Token);
        var reply = Refuse(request) is { } refusal ? ValueTask.FromException<Reply>(refusal) : Begin(message, request.Token);
        Interlocked.Increment(ref _unanswered);
        Interlocked.Add(ref _openBytes, request.Bytes);
        request.Answered = AnswerAsync(request, reply);
    }

    /// <summary>Why a request cannot be begun; null when it was put on the list of the open ones.</summary>
    private AcpException? Refuse(IncomingRequest request)
    {
        if (_unanswered >= _options.MaxOpenRequests || Interlocked.Read(ref _openBytes) > _options.MaxOpenRequestBytes)
            return new(AcpErrorCode.InternalError, "Too many requests are open.");
        return _incoming.TryAdd(request.Id, request) ? null : new(AcpErrorCode.InvalidRequest, "A request with this id is open.");
    }

    private ValueTask<Reply> Begin(in Message message, CancellationToken cancellationToken)
    {
        try
        {
            return _peer.OnRequest(message, cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<Reply>(e);
        }
    }

    private async Task AnswerAsync(IncomingRequest request, ValueTask<Reply> reply)
    {
        try
        {
            await SendResultAsync(request, await reply);
        }
        catch (Exception e)
        {
            await SendErrorAsync(request, e);
        }
        finally
        {
            // Another request may have been refused because of this one's id: only the one in the list leaves it.
            _incoming.TryRemove(KeyValuePair.Create(request.Id, request));
            request.Dispose();
            Interlocked.Decrement(ref _unanswered);
            Interlocked.Add(ref _openBytes, -request.Bytes);
        }
    }

    private ValueTask SendResultAsync(IncomingRequest request, Reply reply) =>
        _writer.SendAsync((request.Id, reply), static (json, answer) =>
        {
            WriteAnswerHead(json, answer.Id);
            json.WritePropertyName("result"u8);
            JsonSerializer.Serialize(json, answer.reply.Result, answer.reply.Type);
            json.WriteEndObject();
        }, CancellationToken.None);

    private async ValueTask SendErrorAsync(IncomingRequest request, Exception error)
    {
        var answer = error switch
        {
            AcpException known => known,
            OperationCanceledException when request.Token.IsCancellationRequested => new(AcpErrorCode.RequestCancelled, "The request was cancelled."),
            // The peer sends no more, but it may still read.
            AcpConnectionClosedException when _isClosed => new(AcpErrorCode.RequestCancelled, "The connection is being closed."),
            // What the exception says is nobody's business but this side's.
            _ => new(AcpErrorCode.InternalError, "The request failed."),
        };
        if (error is not AcpException && answer.Code is AcpErrorCode.InternalError) ReportFailure(request.Method, error);
        try
        {
            await _writer.SendAsync((request.Id, answer), static (json, failed) =>
            {
                WriteAnswerHead(json, failed.Id);
                json.WriteStartObject("error"u8);
                json.WriteNumber("code"u8, failed.answer.Code);
                json.WriteString("message"u8, failed.answer.Message);
                json.WriteEndObject();
                json.WriteEndObject();
            }, CancellationToken.None);
        }
        catch (AcpConnectionClosedException)
        {
            // Nobody is there to be told.
        }
    }

    private void CancelIncoming(ReadOnlySpan<byte> id)
    {
        if (_incoming.TryGetValue(Encoding.UTF8.GetString(id), out var request)) request.Cancel();
    }

    /// <summary>Cancels what is open and gives it until the deadline to end.</summary>
    private async Task EndIncomingAsync(CancellationToken deadline)
    {
        _ = _lifetime.CancelAsync();
        var answers = Task.WhenAll(_incoming.Values.Select(request => request.Answered));
        await answers.WaitAsync(deadline).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void WriteAnswerHead(Utf8JsonWriter json, string id)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id, skipInputValidation: true);
    }
}
