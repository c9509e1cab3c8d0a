namespace OpAgent.Server.Search;

/// <summary>A conversation's file as the index has it.</summary>
/// <param name="Machine">The id of its machine's runtime.</param>
internal readonly record struct FileKey(string Machine, string File);

/// <summary>By what a change of a file is noticed.</summary>
internal readonly record struct FileStamp(long Updated, long Size);

/// <summary>What of a conversation can be found.</summary>
internal sealed record IndexedConversation(
    FileKey Key, FileStamp Stamp, string Id, string Workspace, string Path, string Title, IReadOnlyList<IndexedText> Texts);

/// <summary>The text of one part of a turn, or the title where it has no turn.</summary>
internal sealed record IndexedText(string? Turn, string? By, long At, string Text);

/// <summary>A place where all words were found.</summary>
internal sealed record SearchHit(
    string Machine, string Conversation, string Workspace, string Path, string Title, string? Turn, string? By, long At, string Snippet);
