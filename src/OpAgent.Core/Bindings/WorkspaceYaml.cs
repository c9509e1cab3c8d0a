using OpAgent.Core.Documents;
using OpAgent.Core.Problems;

namespace OpAgent.Core.Bindings;

/// <summary>Edits <c>workspace.yaml</c> in place: comments, order and keys that OpAgent does not know stay byte for byte.</summary>
public static class WorkspaceYaml
{
    /// <summary>Sets a key of <see cref="BindingKeys"/>, adds it where it is missing, or takes it out with null.</summary>
    /// <exception cref="ProblemException">The text is broken, or would be with this value (<c>binding-invalid</c>).</exception>
    public static string Set(string text, string key, string? value)
    {
        var yaml = text.TrimStart('\uFEFF');
        var start = text.Length - yaml.Length;
        var before = YamlText.Read(yaml);
        if (before.Root is not { } root) throw KnownProblems.BindingInvalid.With($"{BindingFile.RelativePath}:{before.Line}: {before.Error}");

        var scalar = key == BindingKeys.Inherit || value is null ? value : YamlScalar.Write(value, root.IsFlow);
        var changed = YamlEdit.Set(yaml, key, scalar);

        var after = BindingFile.Parse("", changed);
        if (after.Errors.Count > 0) throw KnownProblems.BindingInvalid.With(after.Errors[0].ToString());
        // A byte order mark further down may have come to the beginning, where it is none of the key behind it.
        if (!IsIntended(root, YamlText.Read(changed.TrimStart('\uFEFF')).Root!, key, value))
            throw KnownProblems.BindingInvalid.With($"{BindingFile.RelativePath}: '{key}' is written in a way that cannot be changed safely: change it in the file");
        return text[..start] + changed;
    }

    // YAML has forms that nobody foresees: what was spliced is compared with what was meant.
    private static bool IsIntended(DocumentNode before, DocumentNode after, string key, string? value) =>
        after.Find(key)?.Value.Text == value
        && before.Entries.Select(entry => entry.Key).Where(other => other != key).SequenceEqual(after.Entries.Select(entry => entry.Key).Where(other => other != key));
}
