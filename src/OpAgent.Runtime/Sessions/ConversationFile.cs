using System.Security.Cryptography;
using System.Text;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Sessions;

/// <summary>The Markdown file of a conversation, read and appended to. Never rewritten from memory: people edit it too.</summary>
internal static class ConversationFile
{
    public const string DirectoryName = ".opagent/conversations";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The directory that a conversation is about, from its file's path; null where the path is not a conversation's.</summary>
    public static string? DirectoryOf(string file)
    {
        var parent = Path.GetDirectoryName(file) ?? "";
        if (parent == DirectoryName) return "";
        return parent.EndsWith("/" + DirectoryName, StringComparison.Ordinal) ? parent[..^(DirectoryName.Length + 1)] : null;
    }

    /// <summary>Creates the file of a new conversation under the first free name.</summary>
    /// <returns>Its path, relative to the workspace.</returns>
    public static string Create(WorkspaceRoot root, string directory, Conversation conversation)
    {
        var folder = directory.Length == 0 ? DirectoryName : $"{directory}/{DirectoryName}";
        var content = Encoding.UTF8.GetBytes(ConversationMarkdown.Write(conversation));
        root.CreateDirectories(folder);
        using var names = root.OpenBelow(folder, LibC.O_PATH | LibC.O_DIRECTORY);
        foreach (var name in ConversationFileName.Candidates(conversation.Header.Created, conversation.Header.Title))
        {
            if (FileStatus.Of(names, name) is not null) continue;
            try
            {
                using var file = new FileReplacement(root, $"{folder}/{name}", ifMatch: "", mustBeNew: true);
                file.Append(content);
                file.Commit();
                return $"{folder}/{name}";
            }
            catch (ProblemException taken) when (taken.Problem == KnownProblems.FileExists)
            {
                // Somebody was faster.
            }
        }

        throw KnownProblems.FileExists.With($"No free name was left in '{folder}'.");
    }

    /// <exception cref="ProblemException">There is no such file, or it is not text.</exception>
    public static string Read(WorkspaceRoot root, string file)
    {
        try
        {
            return Strict.GetString(ReadBytes(root, file));
        }
        catch (DecoderFallbackException error)
        {
            throw KnownProblems.ConversationBroken.With($"'{file}' is not valid UTF-8 text at byte {error.Index}. It is left as it is; repair it with an editor.");
        }
    }

    /// <exception cref="ProblemException">There is no such file, or it is too large for a conversation.</exception>
    public static byte[] ReadBytes(WorkspaceRoot root, string file)
    {
        using var handle = WorkspaceFiles.OpenRead(root, file, out var status);
        if (status.Size > SessionLimits.MaxConversationBytes)
            throw KnownProblems.ConversationBroken.With($"'{file}' has {status.Size:N0} bytes, more than a conversation can have. Move it away and begin a new conversation.");
        var bytes = new byte[status.Size];
        var length = 0;
        while (length < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(length), length) is > 0 and var count) length += count;
        return length == bytes.Length ? bytes : bytes[..length];
    }

    /// <exception cref="ProblemException">The file cannot be read or breaks the format; the message names the line.</exception>
    public static Conversation Parse(string file, string text) => ConversationMarkdown.Parse(text) switch
    {
        { Conversation: { } conversation } => conversation,
        var broken => throw KnownProblems.ConversationBroken.With($"'{file}', {broken.Error}. The file is left as it is; repair it with an editor."),
    };

    /// <summary>Writes at the file's end, flushed to the disk.</summary>
    /// <param name="start">Where to write: at the end, or where a torn end begins.</param>
    /// <param name="length">The file's present length, which it has again where writing fails.</param>
    /// <exception cref="ProblemException">The disk does not take it; the file is as it was.</exception>
    /// <exception cref="IOException">The disk does not even let go of what it took: the file may have grown by a part of it.</exception>
    public static void Write(WorkspaceRoot root, string file, ReadOnlySpan<byte> addition, long start, long length)
    {
        using var handle = root.OpenBelow(file, LibC.O_WRONLY | LibC.O_NONBLOCK);
        try
        {
            root.Disk.Write(handle, addition, start);
            root.Disk.Sync(handle);
        }
        catch (IOException error)
        {
            root.Disk.SetLength(handle, length);
            throw KnownProblems.StorageFailed.With($"'{file}' could not be appended to, it is as it was: {error.Message}");
        }
    }

    /// <summary>Takes off what stands behind a length.</summary>
    /// <exception cref="IOException">The file is as it was.</exception>
    public static void Cut(WorkspaceRoot root, string file, long length)
    {
        using var handle = root.OpenBelow(file, LibC.O_WRONLY | LibC.O_NONBLOCK);
        root.Disk.SetLength(handle, length);
    }

    /// <summary>Replaces the text, for a change in the middle such as the title's.</summary>
    public static void Replace(WorkspaceRoot root, string file, string text)
    {
        using var replacement = new FileReplacement(root, file, ifMatch: "*", mustBeNew: false);
        replacement.Append(BytesOf(text));
        replacement.Commit();
    }

    public static byte[] BytesOf(string text) => Strict.GetBytes(text);

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(BytesOf(text)));
}
