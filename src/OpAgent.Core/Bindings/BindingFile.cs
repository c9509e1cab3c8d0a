using OpAgent.Core.Agents;
using OpAgent.Core.Documents;

namespace OpAgent.Core.Bindings;

/// <summary>A value and the line of its file on which it stands, counted from 1.</summary>
public sealed record Located<T>(T Value, int Line);

/// <summary>What one <c>.opagent/workspace.yaml</c>, or the machine's <c>policy.yaml</c>, says. Keys it does not set are null.</summary>
/// <param name="Directory">The bound directory, which contains <c>.opagent</c>; empty for the workspace's root where paths are relative to it.</param>
public sealed record BindingFile(string Directory)
{
    /// <summary>Where the file lies below the directory it binds.</summary>
    public const string RelativePath = ".opagent/workspace.yaml";

    /// <summary>The file's path, in the form in which the directory was given.</summary>
    public string File { get; init; } = PathIn(Directory);

    public Located<AgentReference>? Agent { get; init; }

    public Located<string>? Model { get; init; }

    public Located<string>? Mode { get; init; }

    /// <summary>False cuts off the choices (agent and model) of the directories above.</summary>
    public Located<bool>? Inherit { get; init; }

    public Located<SandboxLevel>? Sandbox { get; init; }

    public Located<NetworkAccess>? Network { get; init; }

    public BindingLimits Limits { get; init; } = new();

    /// <summary>Keys that this version does not know; they are ignored and stay in the file.</summary>
    public ValueList<Located<string>> UnknownKeys { get; init; } = [];

    /// <summary>The path of a directory's binding file.</summary>
    public static string PathIn(string directory) => directory.Length == 0 ? RelativePath : $"{directory.TrimEnd('/')}/{RelativePath}";

    /// <summary>Reads the text of a directory's binding file. Never throws because of what stands in it.</summary>
    public static BindingFileResult Parse(string directory, string text) => Parse(directory, PathIn(directory), text);

    /// <summary>Reads the text of the machine's <c>policy.yaml</c>, named by its absolute path; it stands above every workspace. Never throws because of what stands in it.</summary>
    public static BindingFileResult ParsePolicy(string file, string text) => Parse("", file, text);

    private static BindingFileResult Parse(string directory, string file, string text)
    {
        var document = YamlText.Read(text.TrimStart('\uFEFF'));
        if (document.Root is not { } root) return new BindingFileResult(null, [new FormatError(file, document.Line, "", document.Error)]);

        var errors = new List<FormatError>();
        var fields = new NodeFields(root, file, errors);
        var binding = new BindingFile(directory)
        {
            File = file,
            Agent = ReadAgent(fields),
            Model = ReadModel(fields),
            Mode = fields.Locate(BindingKeys.Mode, fields.Text(BindingKeys.Mode, "the agent's ACP mode, such as default")),
            Inherit = fields.Locate(BindingKeys.Inherit, fields.Boolean(BindingKeys.Inherit)),
            Sandbox = fields.Locate(BindingKeys.Sandbox, ReadSandbox(fields)),
            Network = fields.Locate(BindingKeys.Network, fields.Parsed(BindingKeys.Network, "on or off", NetworkOf)),
            Limits = BindingLimits.Read(fields),
            UnknownKeys = root.Entries.Where(entry => !BindingKeys.All.Contains(entry.Key)).Select(entry => new Located<string>(entry.Key, entry.Line)).ToValueList(),
        };
        return new BindingFileResult(errors.Count == 0 ? binding : null, errors.ToValueList());
    }

    private static Located<AgentReference>? ReadAgent(NodeFields fields)
    {
        if (fields.Text(BindingKeys.Agent, AgentReference.Expected) is not { } text) return null;
        if (AgentReference.TryParse(text, out var agent)) return fields.Locate(BindingKeys.Agent, agent);
        fields.Refuse(fields.Find(BindingKeys.Agent)!, AgentReference.Expected);
        return null;
    }

    private static Located<string>? ReadModel(NodeFields fields)
    {
        const string Expected = "provider/model as configured in the host, such as openai/gpt-5-mini";
        if (fields.Text(BindingKeys.Model, Expected) is not { } text) return null;
        var slash = text.IndexOf('/');
        if (slash > 0 && slash < text.Length - 1 && !text.Any(char.IsWhiteSpace)) return fields.Locate(BindingKeys.Model, text);
        fields.Refuse(fields.Find(BindingKeys.Model)!, Expected);
        return null;
    }

    private static SandboxLevel? ReadSandbox(NodeFields fields)
    {
        if (fields.Find(BindingKeys.Sandbox) is { Value: { IsScalar: true, Text: "none" } } none)
        {
            fields.Refuse(none.Line, none.Key, "expected read-only or workspace, found 'none', which no file can say: a person grants it to an agent");
            return null;
        }

        return fields.Parsed<SandboxLevel>(BindingKeys.Sandbox, "read-only or workspace", text => text switch
        {
            "read-only" => SandboxLevel.ReadOnly,
            "workspace" => SandboxLevel.Workspace,
            _ => null,
        });
    }

    // YAML 1.1 took on and off for a boolean, and editors still write one for the other.
    private static NetworkAccess? NetworkOf(string text) => text.ToLowerInvariant() switch
    {
        "off" or "false" or "no" => NetworkAccess.Off,
        "on" or "true" or "yes" => NetworkAccess.On,
        _ => null,
    };
}

/// <summary>A binding file, or the errors for which it binds nothing.</summary>
public sealed record BindingFileResult(BindingFile? Binding, ValueList<FormatError> Errors);
