using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpAgent.Acp.Wire;

/// <content>What this side asks of the peer.</content>
internal sealed partial class PeerConnection
{
    private readonly ConcurrentDictionary<long, PendingRequest> _pending = new();
    private volatile bool _isClosed;
    private Exception? _closeReason;
    private long _lastId;
    private long _unmatchedResponses;

    /// <summary>Answers to nothing that was asked: repeated, invented, or later than a cancelled request waited.</summary>
    public long UnmatchedResponses => Interlocked.Read(ref _unmatchedResponses);

    /// <summary>Sends a notification.</summary>
    /// <exception cref="AcpConnectionClosedException">The peer is gone.</exception>
    public ValueTask NotifyAsync<T>(string method, T parameters, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        _writer.SendAsync((method, parameters, type), static (json, notification) =>
        {
            WriteHead(json, notification.method);
            json.WritePropertyName("params"u8);
            JsonSerializer.Serialize(json, notification.parameters, notification.type);
            json.WriteEndObject();
        }, cancellationToken);

    /// <summary>Sends a request and waits for its answer. When it is cancelled the peer is told, and has a little longer to answer.</summary>
    /// <exception cref="AcpException">The peer answered with an error, or with something that cannot be read.</exception>
    /// <exception cref="AcpConnectionClosedException">The peer is gone.</exception>
    /// <exception cref="OperationCanceledException">The request was cancelled before it was answered.</exception>
    public async Task<TResponse> RequestAsync<TRequest, TResponse>(
        string method, TRequest parameters, JsonTypeInfo<TRequest> type, JsonTypeInfo<TResponse> responseType, CancellationToken cancellationToken)
        where TResponse : class
    {
        var id = Interlocked.Increment(ref _lastId);
        var pending = new PendingRequest<TResponse>(method, responseType);
        _pending[id] = pending;
        try
        {
            // Asked after the request is in the list, so that one that comes while the connection ends is failed here or there.
            if (_isClosed) throw new AcpConnectionClosedException(_closeReason);
            await _writer.SendAsync((id, method, parameters, type), static (json, request) =>
            {
                WriteHead(json, request.method);
                json.WriteNumber("id"u8, request.id);
                json.WritePropertyName("params"u8);
                JsonSerializer.Serialize(json, request.parameters, request.type);
                json.WriteEndObject();
            }, cancellationToken);
            pending.IsSent = true;
            return await AnswerAsync(id, pending, cancellationToken);
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    private async Task<T> AnswerAsync<T>(long id, PendingRequest<T> pending, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await pending.Response.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await CancelAsync(id, pending, cancellationToken);
        }
    }

    /// <summary>Tells the peer that its answer is not needed any more. It may answer all the same, and an answer counts.</summary>
    private async Task<T> CancelAsync<T>(long id, PendingRequest<T> pending, CancellationToken cancellationToken) where T : class
    {
        using var deadline = new CancellationTokenSource(_options.CancelTimeout, _options.TimeProvider);
        try
        {
            await _writer.SendAsync(id, static (json, requestId) =>
            {
                WriteHead(json, "$/cancel_request");
                json.WriteStartObject("params"u8);
                json.WriteNumber("requestId"u8, requestId);
                json.WriteEndObject();
                json.WriteEndObject();
            }, deadline.Token);
            return await pending.Response.WaitAsync(deadline.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or AcpException { Code: AcpErrorCode.RequestCancelled })
        {
            throw new OperationCanceledException("The request was cancelled.", e, cancellationToken);
        }
    }

    private void CompleteRequest(in Message message)
    {
        if (Utf8Parser.TryParse(message.Id, out long id, out var length) && length == message.Id.Length && _pending.TryRemove(id, out var pending))
            pending.Complete(message);
        else
            Interlocked.Increment(ref _unmatchedResponses);
    }

    private void FailOutgoing(Exception? reason)
    {
        _closeReason = reason;
        _isClosed = true;
        foreach (var pending in _pending.Values) pending.Fail(new AcpConnectionClosedException(reason));
    }

    private static void WriteHead(Utf8JsonWriter json, string method)
    {
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WriteString("method"u8, method);
    }
}
