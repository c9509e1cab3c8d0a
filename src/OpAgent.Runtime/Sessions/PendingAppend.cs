using System.Globalization;
using System.Text;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

/// <summary>
/// What is being appended to a conversation's file, written down first: a crash in the middle leaves the beginning of it at the file's end, and this completes it.
/// One that failed is undone instead: whoever asked for it knows that it failed.
/// </summary>
/// <param name="disk">What the runtime home is on.</param>
/// <param name="directory">The conversation's directory in the runtime home.</param>
internal sealed class PendingAppend(Disk disk, string directory)
{
    private readonly string _path = Path.Combine(directory, "append.md");
    private const string Kept = "unwritten-", PromptName = "-prompt.md", ReplyName = "-reply.md";

    private bool _failed;

    /// <returns>The file's new text.</returns>
    /// <exception cref="ProblemException">The disk does not take it.</exception>
    /// <exception cref="IOException">As above.</exception>
    public string Append(WorkspaceRoot root, string file, string text, Turn part) => Append(root, file, text, ConversationMarkdown.Continuation(text, part));

    /// <summary>Keeps a part for a file that cannot be appended to at the moment; on the disk when this returns.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Keep(Turn part) =>
        AtomicFile.Write(disk, Path.Combine(directory, $"{Kept}{part.Id}{(part.IsReply ? ReplyName : PromptName)}"), ConversationFile.BytesOf(ConversationMarkdown.WriteTurn(part)));

    /// <summary>Appends what was kept, now that the file can be read again.</summary>
    /// <param name="conversation">What the text says: a part that is there already is not appended again.</param>
    /// <returns>The file's new text.</returns>
    public string AppendKept(WorkspaceRoot root, string file, string text, Conversation conversation)
    {
        // By their names a prompt comes before its reply, and a turn before a later one.
        foreach (var path in Directory.GetFiles(directory, $"{Kept}*.md").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            var isReply = name.EndsWith(ReplyName, StringComparison.Ordinal);
            var turn = name[Kept.Length..^(isReply ? ReplyName : PromptName).Length];
            if (!conversation.Turns.Any(part => part.Id.ToString() == turn && part.IsReply == isReply))
                text = Append(root, file, text, (text.EndsWith('\n') ? "\n" : "\n\n") + File.ReadAllText(path));
            disk.Delete(path);
        }

        return text;
    }

    /// <summary>Forgets what was interrupted: the file that it was for is gone.</summary>
    public void Forget() => disk.Delete(_path);

    /// <summary>Completes what a crash interrupted, and undoes what failed. Works on bytes: what is left may end in the middle of a character.</summary>
    public void Complete(WorkspaceRoot root, string file)
    {
        // One that is not whole itself was being written down: the file was not touched yet.
        if (Read() is not (var length, var addition)) return;
        var content = ConversationFile.ReadBytes(root, file);
        // What stands behind the old end is the beginning of the addition, unless a person wrote there since. After a power loss its end may be zeros.
        var isTorn = content.Length >= length && addition.AsSpan().StartsWith(content.AsSpan((int)length).TrimEnd((byte)0));
        if (_failed && isTorn) ConversationFile.Cut(root, file, length);
        else if (!_failed && content.AsSpan().IndexOf(addition) < 0) ConversationFile.Write(root, file, addition, isTorn ? length : content.Length, content.Length);
        disk.Delete(_path);
        _failed = false;
    }

    private string Append(WorkspaceRoot root, string file, string text, string addition)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var bytes = ConversationFile.BytesOf(addition);
        _failed = true;
        WriteDown(length, bytes);
        ConversationFile.Write(root, file, bytes, length, length);
        _failed = false;
        TryDelete();
        return text + addition;
    }

    private void TryDelete()
    {
        try
        {
            disk.Delete(_path);
        }
        catch (IOException)
        {
            // What it says stands in the file, which is found out before the next append.
        }
    }

    private void WriteDown(long length, byte[] addition)
    {
        using (var file = disk.Open(_path, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_TRUNC, 0x180))
        {
            disk.Write(file, [.. Encoding.UTF8.GetBytes($"{length} {addition.Length}\n"), .. addition], 0);
            disk.Sync(file);
        }

        disk.SyncDirectory(directory);
    }

    private (long Length, byte[] Addition)? Read()
    {
        if (!File.Exists(_path)) return null;
        var content = File.ReadAllBytes(_path);
        var end = content.AsSpan().IndexOf((byte)'\n');
        if (end < 0 || Encoding.UTF8.GetString(content, 0, end).Split(' ') is not [var before, var added]) return null;
        if (!long.TryParse(before, CultureInfo.InvariantCulture, out var length) || !int.TryParse(added, CultureInfo.InvariantCulture, out var size)) return null;
        var addition = content[(end + 1)..];
        return addition.Length == size ? (length, addition) : null;
    }
}
