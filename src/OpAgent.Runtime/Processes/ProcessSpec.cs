namespace OpAgent.Runtime.Processes;

/// <summary>What to start: an argument list (never a shell line), its directory, and its whole environment; nothing is inherited.</summary>
/// <param name="Program">Absolute path of the executable.</param>
internal sealed record ProcessSpec(string Program, IReadOnlyList<string> Arguments, string Directory, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The namespaces it gets of its own; null for none.</summary>
    public Isolation? Isolation { get; init; }

    /// <summary>The variable of <see cref="Environment"/> by which everything that it starts is known, where nothing better holds it together.</summary>
    public string? Mark { get; init; }
}
