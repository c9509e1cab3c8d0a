using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpAgent.Protocol;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Conversations;

internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/conversations/{id}/events", FollowAsync).WithTags("Events").RequireAuthorization(Access.Read).StreamsEvents().Refuses(404, 503)
            .WithSummary("A conversation's events after a number, then as they happen. Last-Event-ID beats after.");
        routes.MapGet("/events", WatchAsync).WithTags("Events").RequireAuthorization(Access.Read).StreamsEvents()
            .WithSummary("All conversations' states and open permission requests: as they are, then as they change.").Refuses();
    }

    private static async Task FollowAsync(
        string id, string? after, EventFollower follower, EventStream stream, HttpContext context, CancellationToken cancellationToken)
    {
        var position = EventPosition.Parse(context.Request.Headers["Last-Event-ID"] is { Count: > 0 } last ? last.ToString() : after);
        await stream.WriteAsync(context, await follower.OpenAsync(id, position, cancellationToken), WriteEvent);
    }

    private static Task WatchAsync(LiveFeed feed, EventStream stream, HttpContext context, CancellationToken cancellationToken) =>
        stream.WriteAsync(context, feed.WatchAsync(cancellationToken), WriteChange);

    private static void WriteEvent(IBufferWriter<byte> writer, Event item)
    {
        writer.Write("id: "u8);
        Encoding.UTF8.GetBytes($"{item.Epoch}-{item.Seq}", writer);
        writer.Write("\nevent: "u8);
        Encoding.UTF8.GetBytes(item.Kind, writer);
        writer.Write("\ndata: "u8);
        writer.Write(item.Data.Span);
        writer.Write("\n\n"u8);
    }

    private static void WriteChange(IBufferWriter<byte> writer, LiveChange change)
    {
        writer.Write(change.Conversation is not null ? "event: conversation\ndata: "u8 : "event: permission\ndata: "u8);
        using (var json = new Utf8JsonWriter(writer)) JsonSerializer.Serialize(json, (object?)change.Conversation ?? change.Permission, EdgeJson.Options);
        writer.Write("\n\n"u8);
    }
}
