using System.Globalization;
using System.Text;
using OpAgent.Core.Conversations;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Sessions;

/// <summary>
/// What is being appended to a conversation's file, written down first: a crash in the middle leaves the beginning of it at the file's end, and this completes it.
/// </summary>
/// <param name="directory">The conversation's directory in the runtime home.</param>
internal sealed class PendingAppend(string directory)
{
    private readonly string _path = Path.Combine(directory, "append.md");

    /// <returns>The file's new text.</returns>
    public string Append(WorkspaceRoot root, string file, string text, Turn part)
    {
        var addition = ConversationMarkdown.Continuation(text, part);
        AtomicFile.Write(_path, Encoding.UTF8.GetBytes($"{text.Length}\n{addition}"));
        var appended = ConversationFile.Append(root, file, text, text.Length, addition);
        File.Delete(_path);
        return appended;
    }

    /// <summary>Completes what a crash interrupted.</summary>
    /// <returns>The file's new text.</returns>
    public string Complete(WorkspaceRoot root, string file, string text)
    {
        if (!File.Exists(_path)) return text;
        var (length, addition) = Read();
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

    private (int Length, string Addition) Read()
    {
        var content = File.ReadAllText(_path);
        var line = content.IndexOf('\n');
        return (int.Parse(content.AsSpan(0, line), CultureInfo.InvariantCulture), content[(line + 1)..]);
    }
}
