namespace OpAgent.Tests.Deployment;

/// <summary>A systemd unit of deploy/, read.</summary>
internal sealed class UnitFile(string name)
{
    /// <summary>Where the units say that OpAgent is installed.</summary>
    public const string Installation = "/opt/opagent/";

    public static readonly UnitFile Host = new("opagent@.service");
    public static readonly UnitFile Runtime = new("opagent-runtime@.service");

    private readonly List<(string Key, string Value)> _settings = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "deploy", name))
        .Where(line => line.Contains('=') && line[0] is not '#')
        .Select(line => line.Split('=', 2))
        .Select(parts => (parts[0], parts[1]))];

    public string Name => name;

    /// <summary>The one value of a setting; empty where the unit does not have it.</summary>
    public string this[string key] => _settings.SingleOrDefault(setting => setting.Key == key).Value ?? "";

    public IEnumerable<string> Keys => _settings.Select(setting => setting.Key);

    /// <summary>Its program and arguments, with the programs of this build and somebody's home directory.</summary>
    public string[] Command(string home) =>
        this["ExecStart"].Replace(Installation, AppContext.BaseDirectory, StringComparison.Ordinal).Replace("${HOME}", home, StringComparison.Ordinal).Split(' ');

    /// <summary>What it adds to the environment.</summary>
    public (string Name, string Value)[] Environment => [.. _settings.Where(setting => setting.Key == "Environment").Select(setting => setting.Value.Split('=', 2)).Select(parts => (parts[0], parts[1]))];
}
