using System.Globalization;

namespace OpAgent.Server.Conversations;

/// <summary>A place in a conversation's journal: the last event that a reader has.</summary>
/// <param name="Epoch">The journal's; empty for whichever it is.</param>
/// <param name="Seq">The number of the event; 0 before the first.</param>
internal sealed record EventPosition(string Epoch, long Seq)
{
    private static readonly EventPosition Beginning = new("", 0);

    /// <summary>Belongs to no journal, so that the reader is told to start anew.</summary>
    private static readonly EventPosition Unknown = new("unknown", 0);

    /// <summary>Reads <c>epoch-seq</c> or a number alone. Anything else is a place in no journal.</summary>
    public static EventPosition Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Beginning;
        var dash = text.LastIndexOf('-');
        return long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? dash switch
            {
                < 0 => new("", seq),
                0 => Unknown,
                _ => new(text[..dash], seq),
            }
            : Unknown;
    }
}
