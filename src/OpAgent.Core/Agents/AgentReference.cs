using System.Diagnostics.CodeAnalysis;

namespace OpAgent.Core.Agents;

/// <summary>What an <c>agent:</c> key names: an installed agent, a package in the workspace, or none.</summary>
public abstract record AgentReference
{
    internal const string NoneWord = "none";

    /// <summary>What a reference looks like, for messages.</summary>
    public const string Expected = "an agent such as writer, writer@^1.2, ./packages/writer or none";

    private AgentReference()
    {
    }

    /// <summary>Explicitly no agent: what stands above is not inherited.</summary>
    public sealed record None : AgentReference
    {
        public override string ToString() => NoneWord;
    }

    /// <summary>An agent from the machine's packages.</summary>
    /// <param name="Id">The agent's id.</param>
    /// <param name="Range">The versions that will do; null for the active one.</param>
    public sealed record Installed(string Id, VersionRange? Range = null) : AgentReference
    {
        public override string ToString() => Range is null ? Id : $"{Id}@{Range}";
    }

    /// <summary>A package inside the workspace.</summary>
    /// <param name="Path">Where it lies below the bound directory, without <c>./</c>, for example <c>packages/writer</c>.</param>
    public sealed record Package(string Path) : AgentReference
    {
        public override string ToString() => $"./{Path}";
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out AgentReference? reference)
    {
        reference = text switch
        {
            NoneWord => new None(),
            ['.', '/', ..] => ParsePackage(text[2..].TrimEnd('/')),
            _ => ParseInstalled(text),
        };
        return reference is not null;
    }

    private static Package? ParsePackage(string path)
    {
        // A package outside the bound directory would not be covered by its trust.
        var isInside = path.Split('/').All(name => name is not ("" or "." or ".."));
        return isInside && !path.Any(c => char.IsControl(c) || c == '\\') ? new Package(path) : null;
    }

    private static Installed? ParseInstalled(string text)
    {
        var at = text.IndexOf('@');
        if (at < 0) return AgentId.IsValid(text) ? new Installed(text) : null;
        return AgentId.IsValid(text.AsSpan(0, at)) && VersionRange.TryParse(text[(at + 1)..], out var range) ? new Installed(text[..at], range) : null;
    }
}
