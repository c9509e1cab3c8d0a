namespace OpAgent.Ui.Markdown;

/// <summary>
/// Tells a text whose links would take the parser for ever: it looks for the end of each target to the end of the word, so a word that is long and begins many takes the square of its length.
/// </summary>
internal static class LinkDensity
{
    private const long Most = 4_000_000;

    public static bool IsExcessive(string text)
    {
        var excess = 0L;
        int length = 0, targets = 0;
        foreach (var character in text)
        {
            if (character is ' ' or '\t' or '\n' or '\r')
            {
                excess += Excess(length, targets);
                (length, targets) = (0, 0);
                continue;
            }

            length++;
            if (character == '(') targets++;
        }

        return excess + Excess(length, targets) > Most;
    }

    private static long Excess(long length, long targets) => length < 2000 ? 0 : length * targets;
}
