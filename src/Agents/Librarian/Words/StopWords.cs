namespace OpAgent.Agents.Librarian.Words;

/// <summary>Words that a question holds whatever it is about.</summary>
internal static class StopWords
{
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = Lookup(
        """
        a about above after again all also am an and any anybody anyone anything are aren as at be because been before being below between both but by can cannot could
        couldn d did didn do does doesn doing don done down each else ever every everything find for from further get give go got had has hasn have haven having he
        hello her here hers hey hi him his how i if in into is isn it its itself just know let ll look m made make many may me might more most much must my need no
        nor not now of off ok okay on once one only or other ought our out over own please quite re really s same say says see shall she should shouldn so some
        somebody someone something such t tell than thank thanks that the their them then there these they thing things this those through to too
        until up upon us use used uses using ve very want was wasn way we well were weren what whatever when where wherever whether which while who whom whose why will with
        within without won would wouldn yes yet you your yours
        """);

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Weak = Lookup(
        """
        answer ask asked best describe described different directory doc docs document documentation documented exactly explain file files folder happen happens help mean
        means mention mentioned page pages possible question said section show stand stands under work works write written
        """);

    /// <summary>True for a word that never says what a question is about.</summary>
    /// <param name="word">Folded.</param>
    public static bool Contains(ReadOnlySpan<char> word) => Words.Contains(word);

    /// <summary>True for a word that says so only when there is nothing better: "where is it documented", "which file".</summary>
    /// <param name="word">Folded.</param>
    public static bool IsWeak(ReadOnlySpan<char> word) => Weak.Contains(word);

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup(string words) =>
        new HashSet<string>(words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).GetAlternateLookup<ReadOnlySpan<char>>();
}
