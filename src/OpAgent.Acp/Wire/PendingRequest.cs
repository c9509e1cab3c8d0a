using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpAgent.Acp.Wire;

/// <summary>A request that waits for the peer's answer.</summary>
internal abstract class PendingRequest(string method)
{
    private volatile bool _isSent;

    public string Method { get; } = method;

    /// <summary>True once nothing of it can get lost on this side any more but with the connection.</summary>
    public bool IsSent
    {
        get => _isSent;
        set => _isSent = value;
    }

    /// <summary>Reads the answer and lets the caller go on, on another thread than the reader loop's.</summary>
    public abstract void Complete(in Message message);

    /// <summary>Ends the request without an answer.</summary>
    public abstract void Fail(Exception error);
}

/// <inheritdoc/>
internal sealed class PendingRequest<T>(string method, JsonTypeInfo<T> type) : PendingRequest(method) where T : class
{
    // What an agent says of an error goes into journals, files and logs.
    private const int MaxReason = 4_000;

    private readonly TaskCompletionSource<T> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Response => _response.Task;

    public override void Fail(Exception error) => _response.TrySetException(error);

    public override void Complete(in Message message)
    {
        try
        {
            if (message.Error.IsEmpty) _response.TrySetResult(ReadResult(message.Result));
            else Fail(ReadError(message.Error));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Fail(new AcpException(AcpErrorCode.InternalError, $"The peer's answer to '{Method}' is not valid: {e.Message}", e));
        }
    }

    private T ReadResult(ReadOnlySpan<byte> result)
    {
        // Some agents answer null where the protocol has an object without required fields.
        var json = result.SequenceEqual("null"u8) ? "{}"u8 : result;
        return JsonSerializer.Deserialize(json, type) ?? throw new JsonException();
    }

    private static string Shortened(string text) => text.Length <= MaxReason ? text : string.Concat(text.AsSpan(0, MaxReason), "…");

    private static AcpException ReadError(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var error = JsonElement.ParseValue(ref reader);
        var hasCode = error.TryGetProperty("code"u8, out var code) && code.ValueKind is JsonValueKind.Number;
        var hasText = error.TryGetProperty("message"u8, out var text) && text.ValueKind is JsonValueKind.String;
        return new AcpException(
            hasCode && code.TryGetInt32(out var number) ? number : AcpErrorCode.InternalError,
            hasText ? Shortened(text.GetString()!) : "The peer gave no reason.");
    }
}
