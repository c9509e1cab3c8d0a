namespace OpAgent.Acp.Folding;

/// <summary>Parts of a tool's output that are replaced together, as far as they fit.</summary>
internal sealed class PartList(Allowance allowance)
{
    private const int MaxWeight = 2 * 1024 * 1024;

    private static readonly MentionPart CutNote = new("*[The rest was cut off: the agent sent more than is kept.]*");

    private List<ToolPart> _parts = [];
    private int _taken;

    public IReadOnlyList<ToolPart> Parts => _parts;

    public void Replace(IEnumerable<ToolPart> parts)
    {
        allowance.Return(_taken);
        _taken = 0;
        _parts = [];
        foreach (var part in parts)
        {
            var room = Math.Min(allowance.Left, MaxWeight - _taken);
            _taken += allowance.Take(Math.Min(part.Weight, room));
            if (part.Weight <= room)
            {
                _parts.Add(part);
                continue;
            }
            _parts.Add(part.Cut(room));
            _parts.Add(CutNote);
            return;
        }
    }

    /// <summary>Compares what is not compared yet.</summary>
    public void Compare(DiffLimit limit)
    {
        for (var i = 0; i < _parts.Count; i++)
            if (_parts[i] is DiffPart diff)
                _parts[i] = limit.Compare(diff);
    }
}
