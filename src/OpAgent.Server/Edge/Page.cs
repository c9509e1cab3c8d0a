using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Edge;

/// <summary>A part of a list, and the cursor that asks for the part after it.</summary>
/// <param name="Next">Pass it as <c>cursor</c> to read on; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next = null)
{
    internal Page<TOther> Select<TOther>(Func<T, TOther> view) => new([.. Items.Select(view)], Next);
}

/// <summary>Which part of a list a request wants.</summary>
/// <param name="Limit">How many items at most, 1 to 1000; 1000 by default.</param>
/// <param name="Cursor">The <c>next</c> of the part before.</param>
public sealed record PageQuery([FromQuery(Name = "limit")] int? Limit, [FromQuery(Name = "cursor")] string? Cursor)
{
    private const int Most = 1000;

    /// <exception cref="ProblemException">The limit is out of range.</exception>
    internal int Count => Limit switch
    {
        null => Most,
        >= 1 and <= Most => Limit.Value,
        _ => throw KnownProblems.InvalidRequest.With($"limit={Limit}: a page has 1 to {Most} items."),
    };

    /// <summary>The key after which the part begins; empty at the beginning.</summary>
    internal string After
    {
        get
        {
            if (Cursor is null) return "";
            if (!Base64Url.IsValid(Cursor)) throw KnownProblems.InvalidRequest.With("The cursor is none that this host gave out: start without one.");
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Cursor));
        }
    }

    /// <summary>Sorts by a key that is unique, and takes the part.</summary>
    internal Page<T> Of<T>(IEnumerable<T> items, Func<T, string> key)
    {
        var after = After;
        var sorted = items.Select(item => (Key: key(item), Item: item))
            .Where(entry => string.CompareOrdinal(entry.Key, after) > 0)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(Count + 1)
            .ToList();
        return sorted.Count <= Count
            ? new([.. sorted.Select(entry => entry.Item)])
            : new([.. sorted.Take(Count).Select(entry => entry.Item)], CursorAfter(sorted[Count - 1].Key));
    }

    internal static string? CursorAfter(string key) => key.Length == 0 ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>A key that sorts the newest first.</summary>
    internal static string NewestFirst(long time, string id) => $"{long.MaxValue - time:D19} {id}";
}
