using OpAgent.Core.Documents;

namespace OpAgent.Core.Agents;

/// <summary>Reads <c>agent.json</c>.</summary>
internal sealed class AgentManifestReader
{
    private static readonly string[] KnownKeys = ["id", "name", "version", "description", "distribution", "opagent"];
    private static readonly string[] KnownOwnKeys = ["command", "mode", "asks", "needs", "limits"];

    private readonly string _json;
    private readonly NodeFields _fields;
    private readonly NodeFields? _own;

    private AgentManifestReader(string json, NodeFields fields)
    {
        _json = json;
        _fields = fields;
        _own = fields.Group("opagent", "an object");
    }

    public static AgentManifestResult Read(string json, string file)
    {
        var text = json.TrimStart('\uFEFF');
        var document = JsonText.Read(text);
        if (document.Root is not { } root) return new AgentManifestResult(null, [new FormatError(file, document.Line, "", document.Error)]);

        var errors = new List<FormatError>();
        var manifest = new AgentManifestReader(text, new NodeFields(root, file, errors)).ReadManifest();
        return new AgentManifestResult(errors.Count == 0 ? manifest : null, errors.ToValueList());
    }

    private AgentManifest ReadManifest()
    {
        var manifest = new AgentManifest(ReadId(), _fields.RequiredText("name", "a name"), ReadVersion(), ReadDescription())
        {
            Distribution = ReadDistribution(),
            Command = ReadCommand(),
            Mode = _own?.Text("mode", "an ACP mode"),
            Asks = _own?.Boolean("asks"),
            Needs = ReadNeeds(),
            Limits = ReadLimits(),
            Unknown = [.. UnknownKeys(_fields.Map, "", KnownKeys), .. UnknownKeys(_own?.Map, "opagent.", KnownOwnKeys)],
        };
        if (manifest.Command is null && _fields.Find("distribution") is not { Value.Entries.Count: > 0 })
            _fields.Refuse(_fields.Map.Line, "distribution", "expected npx, uvx or binary, or an opagent.command that starts the agent, found neither");
        return manifest;
    }

    private string ReadId()
    {
        const string Expected = "an id of a-z, 0-9, '.', '_' and '-' that begins with a letter or digit";
        var id = _fields.RequiredText("id", Expected);
        if (id.Length > 0 && !AgentId.IsValid(id)) _fields.Refuse(_fields.Find("id")!, Expected);
        return id;
    }

    private SemanticVersion ReadVersion()
    {
        const string Expected = "a version like 1.2.3";
        var text = _fields.RequiredText("version", Expected);
        if (SemanticVersion.TryParse(text, out var version)) return version;
        if (text.Length > 0) _fields.Refuse(_fields.Find("version")!, Expected);
        return new SemanticVersion(0, 0, 0);
    }

    private string ReadDescription()
    {
        if (_fields.Find("description") is not { } entry) return "";
        if (entry.Value.Kind != NodeKind.Text) _fields.Refuse(entry, "a text");
        return entry.Value.Text;
    }

    private AgentDistribution ReadDistribution()
    {
        if (_fields.Group("distribution", "an object with npx, uvx or binary") is not { } ways) return new AgentDistribution();
        return new AgentDistribution
        {
            Npx = ReadPackage(ways.Group("npx", "an object with a package")),
            Uvx = ReadPackage(ways.Group("uvx", "an object with a package")),
            Binaries = ReadBinaries(ways.Group("binary", "an object with an archive for each platform")),
        };
    }

    private static PackageDistribution? ReadPackage(NodeFields? fields) =>
        fields is null ? null : new PackageDistribution(fields.RequiredText("package", "a package's name")) { Args = fields.Texts("args"), Env = ReadEnv(fields) };

    private static ValueList<BinaryDistribution> ReadBinaries(NodeFields? platforms)
    {
        if (platforms is null) return [];

        var binaries = new List<BinaryDistribution>();
        foreach (var platform in platforms.Map.Entries)
        {
            if (platforms.Group(platform.Key, "an object with archive and cmd") is not { } fields) continue;
            var archive = fields.RequiredText("archive", "the archive's address");
            binaries.Add(new BinaryDistribution(platform.Key, archive, fields.RequiredText("cmd", "the program in the archive"))
            {
                Args = fields.Texts("args"),
                Env = ReadEnv(fields),
            });
        }
        return binaries.ToValueList();
    }

    private AgentCommand? ReadCommand() => _own?.Group("command", "an object with cmd") is { } fields
        ? new AgentCommand(fields.RequiredText("cmd", "a program")) { Args = fields.Texts("args"), Env = ReadEnv(fields) }
        : null;

    private static ValueList<EnvironmentVariable> ReadEnv(NodeFields fields)
    {
        if (fields.Group("env", "an object of texts") is not { } env) return [];

        var variables = new List<EnvironmentVariable>();
        foreach (var entry in env.Map.Entries)
        {
            var isVariable = entry.Key.Length > 0 && !entry.Key.Contains('=') && !entry.Key.Contains('\0');
            if (isVariable && entry.Value.Kind == NodeKind.Text) variables.Add(new EnvironmentVariable(entry.Key, entry.Value.Text));
            else env.Refuse(entry, isVariable ? "a text" : "a variable's name without '='");
        }
        return variables.ToValueList();
    }

    private AgentNeeds ReadNeeds()
    {
        if (_own?.Group("needs", "an object") is not { } needs) return new AgentNeeds();
        return new AgentNeeds
        {
            Model = needs.Boolean("model") ?? false,
            Tools = needs.Texts("tools"),
            Network = needs.Boolean("network") ?? false,
            Commands = needs.Texts("commands"),
        };
    }

    private AgentLimits ReadLimits()
    {
        if (_own?.Group("limits", "an object") is not { } limits) return new AgentLimits();
        return new AgentLimits
        {
            Memory = limits.Parsed("memory", "a size like 2GiB", Quantity.Bytes),
            Processes = limits.Count("processes"),
            Turn = limits.Parsed("turn", "a time like 30m", Quantity.Time),
            Idle = limits.Parsed("idle", "a time like 15m", Quantity.Time),
        };
    }

    private IEnumerable<UnknownKey> UnknownKeys(DocumentNode? map, string prefix, string[] known) =>
        from entry in map?.Entries ?? []
        where !known.Contains(entry.Key)
        select new UnknownKey(prefix + entry.Key, _json[entry.Value.Start..entry.Value.End]);
}
