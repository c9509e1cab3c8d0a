using OpAgent.Core.Agents;
using OpAgent.Core.Documents;

namespace OpAgent.Core.Bindings;

/// <summary>A value and the line of its file on which it stands, counted from 1.</summary>
public sealed record Located<T>(T Value, int Line);

/// <summary>What one <c>.opagent/workspace.yaml</c> says. Keys it does not set are null.</summary>
/// <param name="Directory">The bound directory, which contains <c>.opagent</c>; empty for the workspace's root where paths are relative to it.</param>
public sealed record BindingFile(string Directory)
{
    /// <summary>Where the file lies below the directory it binds.</summary>
    public const string RelativePath = ".opagent/workspace.yaml";

    /// <summary>The file's path, in the form in which the directory was given.</summary>
    public string File => PathIn(Directory);

    public Located<AgentReference>? Agent { get; init; }

    public Located<string>? Model { get; init; }

    public Located<string>? Mode { get; init; }

    /// <summary>False cuts off the choices (agent and model) of the directories above.</summary>
    public Located<bool>? Inherit { get; init; }

    /// <summary>Keys that this version does not know; they are ignored and stay in the file.</summary>
    public ValueList<Located<string>> UnknownKeys { get; init; } = [];

    /// <summary>The path of a directory's binding file.</summary>
    public static string PathIn(string directory) => directory.Length == 0 ? RelativePath : $"{directory.TrimEnd('/')}/{RelativePath}";

    /// <summary>Reads the text of a directory's binding file. Never throws because of what stands in it.</summary>
    public static BindingFileResult Parse(string directory, string text)
    {
        var file = PathIn(directory);
        var document = YamlText.Read(text.TrimStart('\uFEFF'));
        if (document.Root is not { } root) return new BindingFileResult(null, [new FormatError(file, document.Line, "", document.Error)]);

        var errors = new List<FormatError>();
        var fields = new NodeFields(root, file, errors);
        var binding = new BindingFile(directory)
        {
            Agent = ReadAgent(fields),
            Model = ReadModel(fields),
            Mode = Locate(fields, BindingKeys.Mode, fields.Text(BindingKeys.Mode, "the agent's ACP mode, such as default")),
            Inherit = fields.Boolean(BindingKeys.Inherit) is { } inherit ? new Located<bool>(inherit, fields.Find(BindingKeys.Inherit)!.Line) : null,
            UnknownKeys = root.Entries.Where(entry => !BindingKeys.All.Contains(entry.Key)).Select(entry => new Located<string>(entry.Key, entry.Line)).ToValueList(),
        };
        return new BindingFileResult(errors.Count == 0 ? binding : null, errors.ToValueList());
    }

    private static Located<AgentReference>? ReadAgent(NodeFields fields)
    {
        if (fields.Text(BindingKeys.Agent, AgentReference.Expected) is not { } text) return null;
        if (AgentReference.TryParse(text, out var agent)) return Locate(fields, BindingKeys.Agent, agent);
        fields.Refuse(fields.Find(BindingKeys.Agent)!, AgentReference.Expected);
        return null;
    }

    private static Located<string>? ReadModel(NodeFields fields)
    {
        const string Expected = "provider/model as configured in the host, such as openai/gpt-5-mini";
        if (fields.Text(BindingKeys.Model, Expected) is not { } text) return null;
        var slash = text.IndexOf('/');
        if (slash > 0 && slash < text.Length - 1 && !text.Any(char.IsWhiteSpace)) return Locate(fields, BindingKeys.Model, text);
        fields.Refuse(fields.Find(BindingKeys.Model)!, Expected);
        return null;
    }

    private static Located<T>? Locate<T>(NodeFields fields, string key, T? value)
        where T : class =>
        value is null ? null : new Located<T>(value, fields.Find(key)!.Line);
}

/// <summary>A binding file, or the errors for which it binds nothing.</summary>
public sealed record BindingFileResult(BindingFile? Binding, ValueList<FormatError> Errors);
