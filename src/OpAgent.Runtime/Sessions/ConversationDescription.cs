using OpAgent.Protocol;

namespace OpAgent.Runtime.Sessions;

/// <summary>What a conversation's file alone tells of it.</summary>
internal static class ConversationDescription
{
    public static ConversationInfo Of(string workspace, string file, FoundConversation? found) => new()
    {
        Id = found?.Header?.Id.ToString() ?? "",
        Workspace = workspace,
        Path = ConversationFile.DirectoryOf(file) ?? "",
        File = Path.Combine(workspace, file),
        Title = found?.Header?.Title ?? Path.GetFileNameWithoutExtension(file),
        Agent = found?.Header?.Agent ?? "",
        Created = found?.Header?.Created.ToUnixTimeMilliseconds() ?? 0,
        Updated = found?.Status.ModifiedMilliseconds ?? 0,
        Size = found?.Status.Size ?? 0,
        State = ConversationState.Idle,
        Error = found?.Error ?? "",
    };
}
