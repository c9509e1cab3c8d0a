using System.Globalization;
using System.Text;
using OpAgent.Core.Conversations;
using OpAgent.Runtime.Files;

namespace OpAgent.Runtime.Sessions;

/// <summary>
/// What is being appended to a conversation's file, written down first: a crash in the middle leaves the beginning of it at the file's end, and this completes it.
/// </summary>
/// <param name="directory">The conversation's directory in the runtime home.</param>
internal sealed class PendingAppend(string directory)
{
    private readonly string _path = Path.Combine(directory, "append.md");
    private readonly string _kept = Path.Combine(directory, "unwritten.md");

    /// <returns>The file's new text.</returns>
    public string Append(WorkspaceRoot root, string file, string text, Turn part)
    {
        var addition = ConversationMarkdown.Continuation(text, part);
        WriteDown(text.Length, addition);
        var appended = ConversationFile.Append(root, file, text, text.Length, addition);
        File.Delete(_path);
        return appended;
    }

    /// <summary>Keeps a part for a file that cannot be appended to at the moment.</summary>
    public void Keep(Turn part) => File.AppendAllText(_kept, ConversationMarkdown.WriteTurn(part));

    /// <summary>Appends what was kept, now that the file can be read again.</summary>
    /// <returns>The file's new text.</returns>
    public string AppendKept(WorkspaceRoot root, string file, string text)
    {
        if (!File.Exists(_kept)) return text;
        var kept = File.ReadAllText(_kept);
        if (!text.Contains(kept, StringComparison.Ordinal)) text = ConversationFile.Append(root, file, text, text.Length, (text.EndsWith('\n') ? "\n" : "\n\n") + kept);
        File.Delete(_kept);
        return text;
    }

    /// <summary>Completes what a crash interrupted.</summary>
    /// <returns>The file's new text.</returns>
    public string Complete(WorkspaceRoot root, string file, string text)
    {
        // One that is not whole itself was being written down: the file was not touched yet.
        if (Read() is not (var length, var addition)) return text;
        if (!text.Contains(addition, StringComparison.Ordinal))
        {
            // What stands behind the old end is the beginning of the addition, unless a person wrote there since.
            var torn = text.Length - length;
            if (torn < 0 || !addition.AsSpan().StartsWith(text.AsSpan(text.Length - torn), StringComparison.Ordinal)) torn = 0;
            text = ConversationFile.Append(root, file, text, text.Length - torn, addition);
        }

        File.Delete(_path);
        return text;
    }

    private void WriteDown(int length, string addition)
    {
        using var handle = File.OpenHandle(_path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(handle, Encoding.UTF8.GetBytes($"{length} {addition.Length}\n{addition}"), 0);
        RandomAccess.FlushToDisk(handle);
    }

    private (int Length, string Addition)? Read()
    {
        if (!File.Exists(_path)) return null;
        var content = File.ReadAllText(_path);
        var numbers = content.Split('\n', 2)[0].Split(' ');
        if (numbers.Length != 2 || !int.TryParse(numbers[0], CultureInfo.InvariantCulture, out var length) || !int.TryParse(numbers[1], CultureInfo.InvariantCulture, out var size)) return null;
        var addition = content[(content.IndexOf('\n') + 1)..];
        return addition.Length == size ? (length, addition) : null;
    }
}
