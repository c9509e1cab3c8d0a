using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Edge;

/// <summary>Says of a request that could not be read what is wrong with it, where that stands and what is allowed there.</summary>
internal static partial class RequestFault
{
    public static ProblemException ToProblem(HttpContext context, BadHttpRequestException bad) =>
        ProblemMapping.ForStatus(bad.StatusCode).With(bad.StatusCode switch
        {
            StatusCodes.Status415UnsupportedMediaType => ProblemResponse.WantsJson(context),
            StatusCodes.Status413PayloadTooLarge => $"The body is larger than {context.Request.Method} {context.Request.Path} takes.",
            _ => Explain(context, bad),
        });

    private static string Explain(HttpContext context, BadHttpRequestException bad)
    {
        // While an exception is handled, the request itself has no endpoint any more.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        var body = endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        if (bad.InnerException is JsonException json && body is not null) return ExplainBody(json, body);
        return ExplainQuery(context.Request.Query, endpoint?.Metadata.GetMetadata<MethodInfo>())
            // The server's own refusals are of a type of their own.
            ?? (body is not null && bad.InnerException is null && bad.GetType() == typeof(BadHttpRequestException)
                ? $"The request has no body: send {Expected(body)} as JSON."
                : "The request could not be read to its end: send it again, complete.");
    }

    private static string ExplainBody(JsonException json, Type body)
    {
        var place = $"line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}";
        // What the parser itself refuses is wrapped; what it could read and does not fit is not.
        if (json.InnerException is JsonException) return $"The body is not valid JSON: it cannot be read on from {place}.";
        var (name, type) = ("", body);
        foreach (Match step in Steps().Matches(json.Path ?? ""))
        {
            var info = EdgeJson.Options.GetTypeInfo(type);
            var property = info.Properties.FirstOrDefault(property => property.Name.Equals(step.Groups["name"].Value, StringComparison.OrdinalIgnoreCase));
            if ((property?.PropertyType ?? info.ElementType) is not { } inner) break;
            (name, type) = (name + step.Value, inner);
        }

        return $"{(name.Length == 0 ? "The body" : $"'{name.TrimStart('.')}' in the body")} must be {Expected(type)} ({place}).";
    }

    /// <summary>The first value in the address that is not of the kind that the endpoint takes, or null.</summary>
    private static string? ExplainQuery(IQueryCollection query, MethodInfo? handler) => handler?.GetParameters()
        .SelectMany(parameter => parameter.IsDefined(typeof(AsParametersAttribute)) ? parameter.ParameterType.GetConstructors()[0].GetParameters() : [parameter])
        .Select(parameter => (Name: parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!, Type: parameter.ParameterType))
        .Where(parameter => query[parameter.Name] is [{ } value, ..] && !IsOfKind(value, parameter.Type))
        .Select(parameter => $"{parameter.Name}={query[parameter.Name]}: {parameter.Name} must be {Expected(parameter.Type)}.")
        .FirstOrDefault();

    private static bool IsOfKind(string value, Type type) =>
        type == typeof(int?) ? int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type != typeof(bool?) || bool.TryParse(value, out _);

    private static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return "a text";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int)) return "a whole number";
        var info = EdgeJson.Options.GetTypeInfo(type);
        return info.Kind == JsonTypeInfoKind.Enumerable
            ? $"a list of which each item is {Expected(info.ElementType!)}"
            : $"an object with {string.Join(", ", info.Properties.Select(property => property.Name))}";
    }

    [GeneratedRegex(@"\.(?<name>\w+)|\[\d+\]")]
    private static partial Regex Steps();
}
