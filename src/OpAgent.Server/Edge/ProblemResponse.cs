using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Edge;

/// <summary>Answers a request with RFC 9457 problem details.</summary>
internal static class ProblemResponse
{
    public static Task WriteAsync(HttpContext context, ProblemException exception)
    {
        var (problem, response) = (exception.Problem, context.Response);
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        var details = new ProblemDetails
        {
            Type = problem.Type,
            Title = problem.Title,
            Status = problem.Status,
            Detail = exception.Message,
            Instance = context.Request.Path,
        };
        return response.WriteAsJsonAsync(details, EdgeJson.Options, "application/problem+json", context.RequestAborted);
    }

    public static string WantsJson(HttpContext context) => $"{context.Request.Method} {context.Request.Path} wants a body of type application/json.";

    /// <summary>Gives a body to an answer that is only a status: an unknown address, a method that is not there, a body of another type.</summary>
    public static Task WriteStatusAsync(HttpContext context)
    {
        var problem = ProblemMapping.ForStatus(context.Response.StatusCode);
        var request = $"{context.Request.Method} {context.Request.Path}";
        return WriteAsync(context, problem.With(problem == KnownProblems.NotFound
            ? $"{request} is no address of this host: /openapi/v1.json lists them all."
            : problem == KnownProblems.MethodNotAllowed
                ? $"{request}: the address takes {context.Response.Headers.Allow} only."
                : problem == KnownProblems.MediaTypeNotSupported
                    ? WantsJson(context)
                    : $"{request} was refused with status {problem.Status}."));
    }
}
