using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OpAgent.Server.Edge;
using OpAgent.Server.Security;

namespace OpAgent.Server.Search;

internal static class SearchEndpoints
{
    public static void MapSearchEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/search", FindAsync).WithTags("Search").RequireAuthorization(Access.Read)
            .WithSummary("Finds conversations by all words, \"phrases\" and the beginning of the last word, the best first.").Refuses(400);

    private static async Task<Ok<Page<SearchResult>>> FindAsync(
        string? q, [AsParameters] PageQuery page, ConversationSearch search, CancellationToken cancellationToken)
    {
        var results = await search.FindAsync(q, cancellationToken);
        return TypedResults.Ok(page.Of(results.Index(), result => $"{result.Index:D6}").Select(result => result.Item));
    }
}
