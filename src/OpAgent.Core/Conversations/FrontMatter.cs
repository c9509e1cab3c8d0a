using System.Globalization;
using System.Text;
using OpAgent.Core.Documents;
using OpAgent.Core.Text;

namespace OpAgent.Core.Conversations;

/// <summary>Where the front matter stands: its YAML from <see cref="Start"/> to <see cref="End"/>, the body from <see cref="BodyStart"/> in line <see cref="BodyLine"/>.</summary>
internal readonly record struct FrontMatterPlace(int Start, int End, int BodyStart, int BodyLine);

/// <summary>The YAML between the <c>---</c> lines at the top of a conversation file.</summary>
internal static class FrontMatter
{
    /// <summary>The version of the file format that this program writes, and the highest it reads.</summary>
    private const int FormatVersion = 1;

    private const string Delimiter = "---";
    private static readonly string[] KnownKeys = ["opagent", "id", "title", "agent", "created", "forkedFrom"];

    /// <summary>Finds the front matter; the text may begin with a byte order mark.</summary>
    public static ConversationError? Locate(string text, out FrontMatterPlace place)
    {
        place = default;
        var start = text.StartsWith('\uFEFF') ? 1 : 0;
        var opening = LineEnd(text, start);
        if (!IsDelimiter(text.AsSpan(start..opening)))
            return new ConversationError(1, "the file does not begin with front matter between two --- lines, so it is no conversation of OpAgent's");

        var yaml = Math.Min(opening + 1, text.Length);
        var line = 2;
        for (var position = yaml; position < text.Length; line++)
        {
            var end = LineEnd(text, position);
            if (IsDelimiter(text.AsSpan(position..end)))
            {
                place = new FrontMatterPlace(yaml, position, Math.Min(end + 1, text.Length), line + 1);
                return null;
            }
            position = end + 1;
        }
        return new ConversationError(text.AsSpan().Count('\n') + 1, "the front matter has no end: put a line --- behind its last key");
    }

    public static ConversationHeaderResult Read(string text, FrontMatterPlace place)
    {
        var yaml = text[place.Start..place.End];
        var document = YamlText.Read(yaml);
        if (document.Root is not { } root) return new ConversationError(document.Line + 1, $"the front matter cannot be read: {document.Error}");
        if (root.IsFlow) return new ConversationError(2, "the front matter stands in braces: write one 'key: value' on each line");

        return ReadVersion(root) ?? ReadHeader(yaml, root);
    }

    public static string Write(ConversationHeader header)
    {
        var yaml = new StringBuilder()
            .Append(Delimiter)
            .Append(CultureInfo.InvariantCulture, $"\nopagent: {FormatVersion}\nid: {header.Id}")
            .Append("\ntitle: ").Append(YamlScalar.Write(header.Title))
            .Append("\nagent: ").Append(YamlScalar.Write(header.Agent))
            .Append("\ncreated: ").Append(ConversationWriter.Time(header.Created));
        if (header.ForkedFrom is { } source) yaml.Append("\nforkedFrom: ").Append(YamlScalar.Write(source));
        if (header.Extra.Length > 0) yaml.Append('\n').Append(header.Extra);
        return yaml.Append('\n').Append(Delimiter).Append('\n').ToString();
    }

    /// <summary>The text with another title, or null and what is wrong with its front matter.</summary>
    public static string? SetTitle(string text, string title, out ConversationError? error)
    {
        // A NUL would end the YAML for its parser, and is a character like any other for those who read the file.
        var scrubbed = TextForm.Scrub(text);
        error = Locate(scrubbed, out var place);
        if (error is not null) return null;
        var before = Read(scrubbed, place);
        error = before.Error;
        if (error is not null) return null;

        var edited = YamlEdit.Set(scrubbed[place.Start..place.End], "title", YamlScalar.Write(title));
        var changed = string.Concat(text.AsSpan(0, place.Start), edited, text.AsSpan(place.End));

        // What was spliced is read again, as everybody reads it: YAML has forms that nobody foresees.
        if (ConversationMarkdown.ReadHeader(changed).Header == before.Header! with { Title = title }) return changed;
        error = new ConversationError(2, "the title is written in a way that cannot be changed safely: change it in the file");
        return null;
    }

    /// <summary>Extra front matter as it can stand behind OpAgent's own keys; as comments where it cannot.</summary>
    public static string NormalizeExtra(string extra)
    {
        var block = TextForm.Block(extra);
        if (block.Length == 0) return "";

        return CanStandBehindOwnKeys(block) ? block : string.Join('\n', block.Split('\n').Select(line => $"# {TextForm.OneLine(line)}"));
    }

    private static bool CanStandBehindOwnKeys(string extra)
    {
        var yaml = $"opagent: {FormatVersion}\n{extra}\n";
        return !extra.Split('\n').Any(line => IsDelimiter(line))
            && YamlText.Read(yaml).Root is { } root
            && root.Entries.Skip(1).All(entry => !KnownKeys.Contains(entry.Key))
            && ExtraOf(yaml, root) == extra;
    }

    private static ConversationError? ReadVersion(DocumentNode root)
    {
        if (root.Find("opagent") is not { } entry)
            return new ConversationError(2, "the front matter has no 'opagent: 1', so it is no conversation of OpAgent's");
        if (!int.TryParse(entry.Value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version == 0)
            return new ConversationError(entry.Line + 1, $"opagent: expected the file format's version, {FormatVersion}, found {entry.Value.Describe()}");
        return version > FormatVersion
            ? new ConversationError(entry.Line + 1, $"a newer OpAgent wrote this file (format {version}, this one reads {FormatVersion}): upgrade OpAgent to open it")
            : null;
    }

    private static ConversationHeaderResult ReadHeader(string yaml, DocumentNode root)
    {
        foreach (var entry in root.Entries)
        {
            if (KnownKeys.Contains(entry.Key) && !entry.Value.IsScalar)
                return new ConversationError(entry.Line + 1, $"{entry.Key}: expected text, found {entry.Value.Describe()}");
        }

        var (id, created) = (root.Find("id"), root.Find("created"));
        if (!Guid.TryParseExact(id?.Value.Text, "D", out var guid))
            return new ConversationError((id?.Line ?? 1) + 1, $"id: expected the conversation's UUID, found {id?.Value.Describe() ?? "nothing"}");
        if (!DateTimeOffset.TryParse(created?.Value.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return new ConversationError((created?.Line ?? 1) + 1, $"created: expected a time like 2026-11-22T15:29:05Z, found {created?.Value.Describe() ?? "nothing"}");

        return new ConversationHeader(guid, TextOf("title"), TextOf("agent"), time)
        {
            ForkedFrom = TextOf("forkedFrom"),
            Extra = ExtraOf(yaml, root),
        }.Normalized();

        string TextOf(string key) => root.Find(key)?.Value is { Kind: not NodeKind.Null } value ? value.Text : "";
    }

    /// <summary>The lines on which no known key and none of its value stands.</summary>
    private static string ExtraOf(string yaml, DocumentNode root)
    {
        var extra = new StringBuilder(yaml.Length);
        var position = 0;
        foreach (var entry in root.Entries.Where(entry => KnownKeys.Contains(entry.Key)))
        {
            var lineStart = yaml.LastIndexOf('\n', Math.Max(entry.Start - 1, 0)) + 1;
            if (lineStart > position) extra.Append(yaml, position, lineStart - position);
            position = Math.Max(position, Math.Min(LineEnd(yaml, entry.Value.End) + 1, yaml.Length));
        }
        extra.Append(yaml, position, yaml.Length - position);
        return TextForm.Block(extra.ToString());
    }

    private static int LineEnd(string text, int start)
    {
        var end = text.IndexOf('\n', start);
        return end < 0 ? text.Length : end;
    }

    private static bool IsDelimiter(ReadOnlySpan<char> line) => line.TrimEnd().SequenceEqual(Delimiter);
}
