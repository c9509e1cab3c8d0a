using System.Globalization;

namespace OpAgent.Diagnosis;

/// <summary>Programs that agents and their packages are run with.</summary>
internal static class ProgramsCheck
{
    private const int OldestNode = 20;

    private static readonly (string Program, string For)[] Needed =
    [
        ("git", "agents that look at changes"),
        ("node", "agents that come as npm packages"),
        ("python3", "agents in Python"),
    ];

    public static async Task<IEnumerable<Finding>> LookAsync(string path, CancellationToken cancellationToken) =>
        await Task.WhenAll(Needed.Select(async needed =>
        {
            var (program, purpose) = needed;
            if (Find(program, path) is not { } place)
                return Finding.Warning(program, $"{program} is not in PATH ({path}): {purpose} do not run.", $"Install it, or put its directory into the runtime's PATH.");
            var version = (await Trial.RunAsync(place, ["--version"], cancellationToken))?.Out;
            return Judge(program, place, version);
        }));

    internal static Finding Judge(string program, string place, string? version) => version switch
    {
        null or "" => Finding.Warning(program, $"{place} does not say its version: it may not work.", "Install it again."),
        _ when program == "node" && Major(version) < OldestNode => Finding.Warning(program, $"{place} is {version}, and agents' packages want {OldestNode} or later.", $"Install Node.js {OldestNode} or later."),
        _ => Finding.Ok(program, $"{place}, {version.Split('\n')[0]}."),
    };

    /// <summary>The first executable of this name in the directories of a PATH; null where there is none.</summary>
    internal static string? Find(string program, string path) => path.Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, program))
        .FirstOrDefault(file => File.Exists(file) && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private static int Major(string version) => int.TryParse(version.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture, out var major) ? major : 0;
}
