using OpAgent.Core.Problems;
using OpAgent.Core.Text;

namespace OpAgent.Core.Conversations;

/// <summary>
/// The Markdown form of a conversation. <c>Parse(Write(c))</c> equals <c>c.Normalized()</c> for every conversation, and what is parsed is normalized.
/// </summary>
/// <remarks>
/// A marker is a line <c>&lt;!-- word {json} --&gt;</c> with the word turn, tool, plan, thought or notice. What follows a marker belongs to it up to the
/// next marker; for all but turn also at most up to a line <c>&lt;/details&gt;</c>, after which the text belongs to the turn again. A line of text that would
/// be taken for one of these gets a <c>\</c> before it. Markers count inside code fences too, so that a file cut off in a fence can be appended to.
/// </remarks>
public static class ConversationMarkdown
{
    /// <summary>Reads a whole file. Never throws because of what stands in it.</summary>
    public static ConversationParseResult Parse(string text) => new ConversationReader(TextForm.Lines(text)).Read();

    /// <summary>
    /// Reads the front matter from the beginning of a file: <paramref name="start"/> has to reach at least to the line that closes it.
    /// </summary>
    public static ConversationHeaderResult ReadHeader(string start)
    {
        var text = TextForm.Lines(start);
        return FrontMatter.Locate(text, out var place) is { } error ? error : FrontMatter.Read(text, place);
    }

    /// <summary>The file for a conversation.</summary>
    public static string Write(Conversation conversation) => ConversationWriter.Write(conversation.Normalized());

    /// <summary>One party's part of a turn: its marker, heading and blocks, ending in a line break.</summary>
    public static string WriteTurn(Turn turn) => ConversationWriter.WriteTurn(turn.Normalized());

    /// <summary><paramref name="existingText"/> with a turn behind it.</summary>
    public static string Append(string existingText, Turn turn) => existingText + Continuation(existingText, turn);

    /// <summary>
    /// What has to be appended to a file for one part of a turn: <see cref="WriteTurn"/>, after a blank line also where the file was cut off within a line.
    /// </summary>
    /// <param name="existingEnd">The end of the file, at least its last four characters.</param>
    /// <param name="turn">What is appended.</param>
    public static string Continuation(ReadOnlySpan<char> existingEnd, Turn turn)
    {
        var lastLine = existingEnd[(existingEnd.LastIndexOf('\n') + 1)..];
        if (!lastLine.IsEmpty) return "\n\n" + WriteTurn(turn);

        var isAfterBlankLine = existingEnd.IsEmpty || existingEnd.EndsWith("\n\n") || existingEnd.EndsWith("\n\r\n");
        return isAfterBlankLine ? WriteTurn(turn) : "\n" + WriteTurn(turn);
    }

    /// <summary>Changes the title in a file's front matter and leaves every other byte alone.</summary>
    /// <exception cref="ProblemException">The front matter is broken (<c>conversation-broken</c>).</exception>
    public static string SetTitle(string text, string title)
    {
        var changed = FrontMatter.SetTitle(text, Normalization.HeaderValue(title), out var error);
        return changed ?? throw KnownProblems.ConversationBroken.With($"The title cannot be changed because of {error}");
    }
}
