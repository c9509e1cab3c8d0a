using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Http.Metadata;

namespace OpAgent.Server.Edge;

/// <summary>What the OpenAPI document says of an endpoint beyond its types.</summary>
internal static class EndpointDescription
{
    private static readonly string[] ProblemJson = ["application/problem+json"];

    /// <summary>The statuses with which the endpoint may refuse, with problem details each. 401 is said of all.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata([.. statuses.Append(StatusCodes.Status401Unauthorized)
            .Select(status => new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ProblemJson))]);

    /// <summary>The endpoint answers with server-sent events.</summary>
    public static TBuilder StreamsEvents<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/event-stream"]));

    /// <summary>The largest body that the endpoint takes, in bytes; null for any.</summary>
    public static TBuilder TakesBody<TBuilder>(this TBuilder endpoint, long? largest)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new BodyLimit(largest));

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
