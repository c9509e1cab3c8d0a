using System.Text.RegularExpressions;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Security;

/// <summary>What a person may be called, and what a password must have.</summary>
internal static partial class AccountRules
{
    public const int ShortestPassword = 12;
    public const int LongestPassword = 256;

    private const int FewestCharacters = 5;

    /// <summary>The name without what was typed around it.</summary>
    /// <exception cref="ProblemException">Nobody can be called that.</exception>
    public static string Name(string? name)
    {
        var trimmed = name?.Trim() ?? "";
        return NamePattern().IsMatch(trimmed)
            ? trimmed
            : throw KnownProblems.NameInvalid.With("A name has 1 to 40 letters, digits, dots, hyphens and underscores, and begins with a letter or digit.");
    }

    /// <exception cref="ProblemException">The password is too weak to be one.</exception>
    public static string Password(string? password, string name) => password switch
    {
        null or { Length: < ShortestPassword } => throw Invalid($"A password has at least {ShortestPassword} characters; a few words that do not belong together are easy to keep in mind."),
        { Length: > LongestPassword } => throw Invalid($"A password has at most {LongestPassword} characters."),
        _ when password.Distinct().Count() < FewestCharacters => throw Invalid("The password repeats so few characters that it is soon guessed."),
        _ when password.Contains(name, StringComparison.OrdinalIgnoreCase) && password.Length < ShortestPassword + name.Length =>
            throw Invalid("The password is hardly more than the name."),
        _ => password,
    };

    private static ProblemException Invalid(string detail) => KnownProblems.PasswordInvalid.With(detail);

    [GeneratedRegex(@"^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}._-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
