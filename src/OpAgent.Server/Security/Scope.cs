using OpAgent.Core.Problems;

namespace OpAgent.Server.Security;

/// <summary>What a caller may do. Each scope but the first goes together with <see cref="Read"/>.</summary>
[Flags]
public enum Scope
{
    None = 0,

    /// <summary>See everything: files, conversations, machines, processes.</summary>
    Read = 1,

    /// <summary>Begin conversations, prompt, answer permission requests.</summary>
    Converse = 2,

    /// <summary>Change files, open and trust directories, install agents: as much as a shell of the user that the host runs as.</summary>
    Write = 4,

    /// <summary>Accounts and other people's tokens.</summary>
    Admin = 8,
}

/// <summary>Scopes that go together, and their names.</summary>
public static class ScopeSets
{
    /// <summary>All but <see cref="Scope.Admin"/>.</summary>
    public const Scope Usual = Scope.Read | Scope.Converse | Scope.Write;

    public const Scope All = Usual | Scope.Admin;

    private static readonly Scope[] Each = [Scope.Read, Scope.Converse, Scope.Write, Scope.Admin];

    /// <summary>What a signed-in person may do.</summary>
    public static Scope Of(AccountRole role) => role is AccountRole.Owner ? All : Usual;

    /// <summary>The names as they stand in JSON.</summary>
    public static IReadOnlyList<string> Names(this Scope scopes) => [.. Each.Where(scope => scopes.HasFlag(scope)).Select(Name)];

    /// <summary>The scopes with these names, and <see cref="Scope.Read"/>.</summary>
    /// <exception cref="ProblemException">A name is none.</exception>
    public static Scope Parse(IEnumerable<string> names) => names.Aggregate(Scope.Read, (scopes, name) => scopes | Find(name));

    private static Scope Find(string name) => Each.FirstOrDefault(scope => Name(scope) == name) is var found and not Scope.None
        ? found
        : throw KnownProblems.InvalidRequest.With($"'{name}' is no scope: there are {string.Join(", ", Each.Select(Name))}.");

    private static string Name(Scope scope) => scope.ToString().ToLowerInvariant();
}
