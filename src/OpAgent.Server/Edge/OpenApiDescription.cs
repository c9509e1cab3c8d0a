using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using OpAgent.Server.Security;

namespace OpAgent.Server.Edge;

/// <summary>The document at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiDescription
{
    private const string TokenScheme = "token";
    private const string SessionScheme = "session";

    public static void AddOpenApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(SecureAsync);
    });

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "OpAgent",
            Version = HostVersion.Text,
            Description = "Opens directories, runs agents in them, and follows their conversations. Errors are problem details with a stable type; "
                + "lists are pages of items with a cursor for the next one; times are ISO 8601 in UTC. "
                + "The SignalR hub /hubs/v1 offers Follow, Prompt, Cancel and Answer.",
        };
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [TokenScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer",
                Description = "Made by 'opagent token create NAME'. Over the socket in the data directory none is needed.",
            },
            [SessionScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = SessionCookie.Session,
                Description = $"Set by signing in; under TLS it is called __Host-{SessionCookie.Session}. What changes something also carries the header "
                    + $"{AntiforgeryCheck.Header}, with the value that GET /api/v1/account/antiforgery gives out.",
            },
        };
        return Task.CompletedTask;
    }

    private static Task SecureAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any()) return Task.CompletedTask;
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(SessionScheme, context.Document)] = [] }];
        if (metadata.OfType<IAuthorizeData>().All(data => data.Policy != Access.Session))
            operation.Security.Insert(0, new() { [new OpenApiSecuritySchemeReference(TokenScheme, context.Document)] = [] });
        return Task.CompletedTask;
    }
}
