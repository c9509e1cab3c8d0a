namespace OpAgent.Core.Problems;

/// <summary>
/// A kind of refusal that a caller can expect, with the stable <c>type</c> of its RFC 9457 problem details and the HTTP status it is answered with.
/// The runtime sends the type over gRPC, the host turns it back into this.
/// </summary>
/// <param name="Type">The stable word, for example <c>conversation-busy</c>.</param>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Title">The same in a few words for people.</param>
public sealed record Problem(string Type, int Status, string Title)
{
    /// <summary>Makes the exception that carries this problem with what happened, what it means and what to do.</summary>
    public ProblemException With(string detail) => new(this, detail);
}

/// <summary>A refused request. Nothing was changed; whatever the request spoke to stays usable.</summary>
public sealed class ProblemException(Problem problem, string detail) : Exception(detail)
{
    public Problem Problem { get; } = problem;
}
