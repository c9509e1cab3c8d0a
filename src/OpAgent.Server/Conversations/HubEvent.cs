using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Protocol;

namespace OpAgent.Server.Conversations;

/// <summary>An event as the hub sends it: the journal's object, with the epoch in front so that a reader can resume from it.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record HubEvent(Event Event)
{
    internal sealed class Converter : JsonConverter<HubEvent>
    {
        public override HubEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("The host sends events and takes none.");

        public override void Write(Utf8JsonWriter writer, HubEvent value, JsonSerializerOptions options)
        {
            var line = value.Event.Data.Span;
            // A reset names the epoch itself.
            if (value.Event.Kind == "reset")
            {
                writer.WriteRawValue(line, skipInputValidation: true);
                return;
            }

            byte[] withEpoch = [.. "{\"epoch\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(value.Event.Epoch), (byte)',', .. line[1..]];
            writer.WriteRawValue(withEpoch, skipInputValidation: true);
        }
    }
}
