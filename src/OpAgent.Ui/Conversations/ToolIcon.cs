using static MudBlazor.Icons.Material;

namespace OpAgent.Ui.Conversations;

internal static class ToolIcon
{
    /// <summary>The icon of an ACP tool kind.</summary>
    public static string Of(string kind) => kind switch
    {
        "read" => Outlined.Description,
        "edit" => Outlined.Edit,
        "delete" => Outlined.Delete,
        "move" => Outlined.DriveFileMove,
        "search" => Outlined.Search,
        "execute" => Outlined.Terminal,
        "think" => Outlined.Psychology,
        "fetch" => Outlined.Public,
        "switch_mode" => Outlined.SwapHoriz,
        _ => Outlined.Build,
    };
}
