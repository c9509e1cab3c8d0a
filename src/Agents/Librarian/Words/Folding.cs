namespace OpAgent.Agents.Librarian.Words;

/// <summary>Makes words comparable: lower case, without diacritics. The tables stand in for Unicode's decompositions, which need ICU.</summary>
internal static class Folding
{
    // One letter for each character from the first on; a dot keeps the character.
    private const string Latin =
        "aaaaaa.ceeeeiiiidnooooo.ouuuuyt.aaaaaa.ceeeeiiiidnooooo.ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkk.llllllllll"
        + "nnnnnn.nnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    private const string LatinExtendedB = "aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa....aaaaeeeeiiiioooorrrruuuusstt..hh";
    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwww"
        + "xxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

    /// <summary>Appends the folded character to <paramref name="into"/>, as long as there is room; a word longer than that is compared by its beginning.</summary>
    public static void Append(char c, Span<char> into, ref int length)
    {
        if (length >= into.Length - 1) return;
        if (c < 0x80)
        {
            into[length++] = char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
            return;
        }
        // Combining marks: what is left of a letter that was stored decomposed.
        if (c is >= '\u0300' and <= '\u036F') return;
        var (first, second) = c switch
        {
            'ß' or 'ẞ' => ('s', 's'),
            'æ' or 'Æ' => ('a', 'e'),
            'œ' or 'Œ' => ('o', 'e'),
            _ => (One(c), '\0'),
        };
        into[length++] = first;
        if (second != 0) into[length++] = second;
    }

    private static char One(char c)
    {
        var letter = c switch
        {
            >= '\u00C0' and < '\u0180' => Latin[c - '\u00C0'],
            >= '\u01CD' and < '\u0220' => LatinExtendedB[c - '\u01CD'],
            >= '\u1E00' and < '\u1F00' => LatinAdditional[c - '\u1E00'],
            // Full-width forms of ASCII.
            >= '\uFF01' and < '\uFF5F' => (char)(c - 0xFEE0),
            _ => '.',
        };
        return char.ToLowerInvariant(letter == '.' ? c : letter);
    }
}
