using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpAgent.Acp.Wire;

/// <summary>The result of a request and how to write it.</summary>
internal readonly record struct Reply(object Result, JsonTypeInfo Type);

/// <summary>The parts of answering a request that both sides share.</summary>
internal static class Call
{
    /// <summary>Reads the parameters of a request.</summary>
    /// <exception cref="AcpException">They are not valid.</exception>
    public static T Params<T>(in Message message, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            // Methods without required parameters may be called without any.
            var json = message.Params.IsEmpty || message.Params.SequenceEqual("null"u8) ? "{}"u8 : message.Params;
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AcpException(AcpErrorCode.InvalidParams, "The request's parameters are not valid.", e);
        }
    }

    public static async ValueTask<Reply> ReplyAsync<T>(ValueTask<T> result, JsonTypeInfo<T> type) where T : class => new(await result, type);
}
