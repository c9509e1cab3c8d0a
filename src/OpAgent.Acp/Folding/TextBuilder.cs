using System.Globalization;
using System.Text;
using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Folding;

/// <summary>Text or thoughts that arrive piece by piece.</summary>
internal sealed class TextBuilder(bool isThought, Allowance allowance) : BlockBuilder
{
    private const int MaxLength = 2 * 1024 * 1024;
    private const int MaxMessageId = 200;

    private readonly StringBuilder _text = new();
    private string? _messageId;
    private bool _needsBreak;
    private long _lost;

    public bool IsThought => isThought;

    /// <summary>Appends a piece; pieces of another message begin a new paragraph.</summary>
    /// <returns>Whether anything is to be seen of it.</returns>
    public bool Append(ReadOnlySpan<char> text, string? messageId)
    {
        if (messageId is not null) messageId = Shortened.Text(messageId, MaxMessageId);
        if (messageId != _messageId && messageId is not null && _messageId is not null) _needsBreak = true;
        _messageId = messageId ?? _messageId;
        if (text.Length is 0) return false;
        if (_lost > 0)
        {
            // Seen with the next change, or at the turn's end: a flood is not drawn again for each of its pieces.
            _lost += text.Length;
            Changed();
            return false;
        }
        BreakIfNeeded();
        var room = allowance.Take(Math.Min(text.Length, MaxLength - _text.Length));
        _text.Append(text[..room]);
        _lost = text.Length - room;
        Changed();
        return true;
    }

    /// <summary>Appends something that stands for itself, as its own paragraph.</summary>
    public bool AppendParagraph(string markdown, string? messageId)
    {
        _needsBreak = true;
        var isVisible = Append(markdown, messageId);
        _needsBreak = true;
        return isVisible;
    }

    protected override TurnBlock Build()
    {
        var text = _text.ToString();
        if (_lost > 0) text += string.Create(CultureInfo.InvariantCulture, $"\n\n*[The rest was cut off: the agent wrote {_lost:N0} characters more than are kept.]*");
        return isThought ? new ThoughtBlock(text) : new TextBlock(text);
    }

    private void BreakIfNeeded()
    {
        if (_needsBreak && _text.Length > 0)
            _text.Append(_text[^1] is not '\n' ? "\n\n" : _text.Length > 1 && _text[^2] is '\n' ? "" : "\n");
        _needsBreak = false;
    }
}
