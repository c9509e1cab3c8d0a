namespace OpAgent.Agents.Text.Ignore;

/// <summary>One line of a <c>.gitignore</c>, read as gitignore(5) says.</summary>
internal sealed class IgnorePattern
{
    private readonly string[] _segments;
    private readonly bool _anchored;
    private readonly bool _directoriesOnly;

    private IgnorePattern(string[] segments, bool anchored, bool directoriesOnly, bool negated)
    {
        _segments = segments;
        _anchored = anchored;
        _directoriesOnly = directoriesOnly;
        IsNegated = negated;
    }

    /// <summary>True for a line that starts with <c>!</c>: what it matches is not ignored after all.</summary>
    public bool IsNegated { get; }

    /// <summary>Null for a blank line, a comment and a line that can match nothing.</summary>
    public static IgnorePattern? Parse(ReadOnlySpan<char> line)
    {
        line = TrimSpaces(line.TrimEnd('\r'));
        if (line.IsEmpty || line[0] == '#') return null;
        var negated = line[0] == '!';
        if (negated) line = line[1..];
        var directoriesOnly = line.EndsWith("/", StringComparison.Ordinal);
        if (directoriesOnly) line = line[..^1];
        var anchored = line.Contains('/');
        if (line.StartsWith("/", StringComparison.Ordinal)) line = line[1..];
        return line.IsEmpty ? null : new IgnorePattern(line.ToString().Split('/'), anchored, directoriesOnly, negated);
    }

    /// <param name="path">Relative to the directory of the file that holds the line.</param>
    public bool Matches(ReadOnlySpan<char> path, bool isDirectory)
    {
        if (_directoriesOnly && !isDirectory) return false;
        return _anchored ? MatchesPath(path) : Glob.IsMatch(_segments[0], path[(path.LastIndexOf('/') + 1)..]);
    }

    // The same walk as for a single star, one level up: on a mismatch the last ** takes one more name.
    private bool MatchesPath(ReadOnlySpan<char> path)
    {
        var segment = 0;
        var position = 0;
        var starSegment = -1;
        var starPosition = 0;
        while (position < path.Length)
        {
            var end = path[position..].IndexOf('/');
            end = end < 0 ? path.Length : position + end;
            if (segment < _segments.Length && _segments[segment] == "**")
            {
                // At the end, a/** is everything inside a; elsewhere ** may stand for no name at all.
                if (segment == _segments.Length - 1) return true;
                starSegment = segment++;
                starPosition = position;
            }
            else if (segment < _segments.Length && Glob.IsMatch(_segments[segment], path[position..end]))
            {
                segment++;
                position = Math.Min(end + 1, path.Length);
            }
            else if (starSegment >= 0)
            {
                var slash = path[starPosition..].IndexOf('/');
                if (slash < 0) return false;
                starPosition += slash + 1;
                position = starPosition;
                segment = starSegment + 1;
            }
            else
            {
                return false;
            }
        }
        return segment == _segments.Length;
    }

    private static ReadOnlySpan<char> TrimSpaces(ReadOnlySpan<char> line)
    {
        while (line.EndsWith(" ", StringComparison.Ordinal) && !IsEscaped(line, line.Length - 1)) line = line[..^1];
        return line;
    }

    private static bool IsEscaped(ReadOnlySpan<char> line, int index)
    {
        var backslashes = 0;
        while (index - backslashes > 0 && line[index - backslashes - 1] == '\\') backslashes++;
        return backslashes % 2 == 1;
    }
}
