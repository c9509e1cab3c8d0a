using System.Globalization;

namespace OpAgent.Agents.Librarian.Words;

/// <summary>What a token is to the one that counts words.</summary>
internal enum TokenKind
{
    /// <summary>A word of its own.</summary>
    Word,

    /// <summary>A name put together from words, as a whole: <c>SessionAffinity</c>, <c>max_length</c>. Its parts follow.</summary>
    Compound,

    /// <summary>A word inside a compound.</summary>
    Part,

    /// <summary>One ideograph or kana; written Chinese and Japanese have no spaces.</summary>
    Ideograph,

    /// <summary>Two neighbouring ideographs: what stands for a word.</summary>
    IdeographPair,
}

/// <summary>Reads the words of a text, whatever its language, folded and stemmed. Allocates nothing.</summary>
internal ref struct WordReader(ReadOnlySpan<char> text, Span<char> buffer)
{
    /// <summary>Room for the longest word that is kept apart from others.</summary>
    public const int BufferLength = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _buffer = buffer;
    private int _at;
    private int _end;
    private bool _insideCompound;
    private bool _pairNext;
    private int _length;
    private int _stop;

    public TokenKind Kind { get; private set; }

    /// <summary>Where the token stands in the text.</summary>
    public int Start { get; private set; }

    /// <summary>The token as it stands in the text.</summary>
    public readonly ReadOnlySpan<char> Shown => _text[Start.._stop];

    /// <summary>True for an ideograph with no other beside it.</summary>
    public readonly bool IsAlone => Kind is TokenKind.Ideograph && !_pairNext && (Start == 0 || !IsIdeograph(_text[Start - 1]));

    /// <summary>The token folded and without its ending; valid until the next one is read.</summary>
    public readonly ReadOnlySpan<char> Stem => _buffer[..(Kind is TokenKind.Word or TokenKind.Part ? EnglishStem.Length(Folded) : _length)];

    /// <summary>The token folded.</summary>
    public readonly ReadOnlySpan<char> Folded => _buffer[.._length];

    public bool Read()
    {
        if (_pairNext) return ReadPair();
        if (_insideCompound && ReadPart()) return true;
        while (_at < _text.Length && !IsWord(_text[_at])) _at++;
        if (_at == _text.Length) return false;
        Start = _at;
        return IsIdeograph(_text[_at]) ? ReadIdeograph() : ReadWord();
    }

    private bool ReadWord()
    {
        _end = _at;
        var isCompound = false;
        while (_end < _text.Length && (IsWord(_text[_end]) || IsJoin(_end)) && !IsIdeograph(_text[_end]))
        {
            isCompound |= _end > _at && IsBoundary(_end);
            _end++;
        }
        TakeSign();
        Kind = isCompound ? TokenKind.Compound : TokenKind.Word;
        _insideCompound = isCompound;
        Fold(_at, _end);
        if (!isCompound) _at = _end;
        return true;
    }

    // C#, F# and C++ are words, the rest of punctuation is not.
    private void TakeSign()
    {
        if (_end - _at != 1 || !char.IsAsciiLetter(_text[_at])) return;
        if (_end < _text.Length && _text[_end] == '#') _end++;
        else if (_text[_end..].StartsWith("++", StringComparison.Ordinal)) _end += 2;
    }

    private bool ReadPart()
    {
        while (_at < _end && _text[_at] == '_') _at++;
        if (_at == _end)
        {
            _insideCompound = false;
            return false;
        }
        Start = _at;
        var end = _at + 1;
        while (end < _end && !IsBoundary(end)) end++;
        Kind = TokenKind.Part;
        Fold(_at, end);
        _at = end;
        return true;
    }

    private bool ReadIdeograph()
    {
        Kind = TokenKind.Ideograph;
        _length = 0;
        Folding.Append(_text[_at++], _buffer, ref _length);
        _stop = _at;
        _pairNext = _at < _text.Length && IsIdeograph(_text[_at]);
        return true;
    }

    private bool ReadPair()
    {
        Kind = TokenKind.IdeographPair;
        Folding.Append(_text[_at], _buffer, ref _length);
        _stop = _at + 1;
        _pairNext = false;
        return true;
    }

    private void Fold(int start, int end)
    {
        _length = 0;
        _stop = end;
        for (var i = start; i < end; i++)
        {
            if (_text[i] == '_') continue;
            // What follows is an ending: 's, 't, 'll.
            if (_text[i] is '\'' or '’') break;
            Folding.Append(_text[i], _buffer, ref _length);
        }
    }

    private readonly bool IsJoin(int at)
    {
        if (at == _at || at + 1 == _text.Length) return false;
        return _text[at] == '_' ? IsWord(_text[at + 1]) : _text[at] is '\'' or '’' && IsEnglishEnding(at);
    }

    // it's, don't, we'll; but l'école is two words.
    private readonly bool IsEnglishEnding(int at)
    {
        var letters = 0;
        while (letters < 3 && at + 1 + letters < _text.Length && char.IsLetter(_text[at + 1 + letters])) letters++;
        return letters is 1 or 2 && char.IsLetter(_text[at - 1]);
    }

    // fooBar | HTTPServer (before the S) | foo_bar
    private readonly bool IsBoundary(int at)
    {
        var before = _text[at - 1];
        var here = _text[at];
        if (here == '_' || before == '_') return true;
        if (!char.IsUpper(here)) return false;
        return char.IsLower(before) || (char.IsUpper(before) && at + 1 < _text.Length && char.IsLower(_text[at + 1]));
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || (c >= 0x80 && (char.IsLetterOrDigit(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Surrogate));

    private static bool IsIdeograph(char c) => c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF')
        or (>= '\uAC00' and <= '\uD7AF') or (>= '\uF900' and <= '\uFAFF');
}
