namespace OpAgent.Ui.Workspaces;

/// <summary>The addresses of files and directories.</summary>
internal static class PlaceAddress
{
    public static string Of(string workspace, string path, int? line = null) =>
        $"/w/{workspace}{(path.Length > 0 ? "/" : "")}{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}{(line is null ? "" : $"#L{line}")}";
}
