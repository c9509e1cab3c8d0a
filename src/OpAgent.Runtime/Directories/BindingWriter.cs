using System.Text;
using OpAgent.Core.Bindings;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Directories;

/// <summary>Writes a directory's own binding.</summary>
internal sealed class BindingWriter(BindingReader reader)
{
    private static readonly string[] Keys = [BindingKeys.Agent, BindingKeys.Model, BindingKeys.Mode];

    private readonly Lock _gate = new();

    /// <param name="directory">Relative to the root, normalized.</param>
    /// <param name="values">By key; an empty value takes the key out.</param>
    /// <exception cref="ProblemException">A key or value is none that a binding can have, or the file is broken.</exception>
    public void Set(WorkspaceRoot root, string directory, IEnumerable<KeyValuePair<string, string>> values)
    {
        var path = BindingFile.PathIn(directory);
        // What is bound must be there: a name with a typing error would become a directory.
        root.OpenBelow(directory, LibC.O_PATH | LibC.O_DIRECTORY).Dispose();
        lock (_gate)
        {
            var before = reader.Read(root, path) ?? "";
            var text = before;
            foreach (var (key, value) in values)
            {
                if (!Keys.Contains(key)) throw KnownProblems.InvalidRequest.With($"A binding has no '{key}' that can be set: {string.Join(", ", Keys)} can.");
                text = WorkspaceYaml.Set(text, key, value.Length > 0 ? value : null);
            }

            if (text == before) return;
            using var file = new FileReplacement(root, path, ifMatch: "", mustBeNew: false);
            file.Append(Encoding.UTF8.GetBytes(text));
            file.Commit();
        }
    }
}
