namespace OpAgent.Agents.Librarian.Search;

/// <summary>A passage that holds a word of the query, with what its score is made of; its text is read again when it is shown.</summary>
/// <param name="Path">Relative to the searched directory.</param>
/// <param name="Words">The number of its words.</param>
/// <param name="Counts">How often each term stands in it, weighted.</param>
/// <param name="Pairs">Bit i is set where term i+1 follows close after term i.</param>
/// <param name="Prior">How likely files of this sort answer a question at all.</param>
/// <param name="TextHash">Tells copies of a passage.</param>
internal sealed record Candidate(string Path, Passage Passage, int Words, float[] Counts, uint Pairs, float Prior, int TextHash)
{
    public double Score { get; set; }
}
