using System.Text;
using OpAgent.Core.Agents;
using OpAgent.Core.Bindings;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Directories;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Packages;

/// <summary>Which agent answers in a directory.</summary>
internal sealed class AgentResolver(PackageStore packages, BindingReader bindings)
{
    private const int MaxManifestBytes = 1024 * 1024;

    /// <param name="directory">The conversation's directory, relative to the root.</param>
    /// <param name="requested">The agent a person chose for the conversation; null: what the nearest binding says.</param>
    /// <param name="fallback">The agent to use where neither says one: the conversation's last.</param>
    /// <exception cref="ProblemException">None is chosen, or the chosen one cannot be used.</exception>
    public ResolvedAgent Resolve(WorkspaceRoot root, string directory, string? requested, string? fallback = null)
    {
        var binding = bindings.Resolve(root, directory);
        var where = directory.Length == 0 ? "the workspace's root" : $"'{directory}'";
        var (reference, boundDirectory, place) = requested is not null ? (Parse(requested), directory, "")
            : binding.Agent is { } bound ? (bound.Value, binding.AgentDirectory ?? "", $" ({bound.File}:{bound.Line})")
            : fallback is not null ? (Parse(fallback), directory, "")
            : throw KnownProblems.AgentNotChosen.With($"No agent is bound to {where}. Name one for the conversation, or write 'agent: librarian' into {BindingFile.RelativePath}.");
        return reference switch
        {
            AgentReference.Package package => FromWorkspace(root, boundDirectory, package.Path, place, binding),
            AgentReference.Installed installed => FromStore(installed, place, binding),
            _ => throw KnownProblems.AgentNotChosen.With($"The binding of {where}{place} says that no agent answers here. Choose another directory or change the binding."),
        };
    }

    private static AgentReference Parse(string text) =>
        AgentReference.TryParse(text, out var reference) ? reference : throw KnownProblems.AgentInvalid.With($"'{text}' is not an agent; expected {AgentReference.Expected}.");

    private ResolvedAgent FromStore(AgentReference.Installed reference, string place, ResolvedBinding binding)
    {
        var package = packages.Find(reference.Id, reference.Range);
        if (package is not null) return new ResolvedAgent(package.Manifest, package.Directory, binding);
        var installed = packages.List().Select(item => $"{item.Manifest.Id} {item.Manifest.Version}").ToList();
        throw KnownProblems.AgentNotFound.With(
            $"Agent '{reference}'{place} is not installed on this machine. Installed: {(installed.Count > 0 ? string.Join(", ", installed) : "none")}. Install it, or choose one of these.");
    }

    private static ResolvedAgent FromWorkspace(WorkspaceRoot root, string boundDirectory, string path, string place, ResolvedBinding binding)
    {
        var relative = WorkspaceRoot.Normalize(boundDirectory.Length == 0 ? path : $"{boundDirectory}/{path}");
        using var directory = root.TryOpenBelow(relative, LibC.O_PATH | LibC.O_DIRECTORY, 0, out var error)
            ?? throw KnownProblems.AgentInvalid.With($"Agent '{path}'{place}: {WorkspaceRoot.Explain(error, relative).Message}");
        var manifestPath = $"{relative}/{AgentManifest.FileName}";
        using var file = root.TryOpenBelow(manifestPath, LibC.O_RDONLY | LibC.O_NONBLOCK, 0, out _)
            ?? throw KnownProblems.AgentInvalid.With($"Agent '{path}'{place} has no {AgentManifest.FileName} in '{relative}'.");
        var buffer = new byte[MaxManifestBytes];
        var result = AgentManifest.Parse(Encoding.UTF8.GetString(buffer.AsSpan(0, RandomAccess.Read(file, buffer, 0))), manifestPath);
        return result.Manifest is { } manifest
            ? new ResolvedAgent(manifest, WorkspaceRoot.RealPathOf(directory), binding)
            : throw KnownProblems.AgentInvalid.With(string.Join("; ", result.Errors));
    }
}

/// <summary>An agent that can be started.</summary>
/// <param name="Root">The package's directory.</param>
/// <param name="Binding">What holds where it is to run.</param>
internal sealed record ResolvedAgent(AgentManifest Manifest, string Root, ResolvedBinding Binding)
{
    /// <summary>The ACP mode to set after <c>session/new</c>; null leaves the agent's own.</summary>
    public string? Mode => Binding.Mode?.Value ?? Manifest.Mode;

    /// <summary><c>id@version</c>, as conversations name it.</summary>
    public string Label => $"{Manifest.Id}@{Manifest.Version}";
}
