namespace OpAgent.Agents.Librarian.Reports;

/// <summary>Items of one kind: all are counted, the first ones are kept.</summary>
internal sealed class ReportGroup(string title)
{
    private const int MaxItems = 50;

    private readonly List<ReportItem> _items = [];

    public string Title { get; } = title;

    public int Count { get; private set; }

    public IReadOnlyList<ReportItem> Items => _items;

    public void Add(ReportItem item)
    {
        Count++;
        if (_items.Count < MaxItems) _items.Add(item);
    }
}
