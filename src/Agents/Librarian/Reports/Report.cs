using System.Collections.Immutable;
using OpAgent.Agents.Librarian.Search;

namespace OpAgent.Agents.Librarian.Reports;

/// <summary>The state of a directory's files.</summary>
/// <param name="Pages">How many of the files are Markdown.</param>
/// <param name="OutsideLinks">Links that leave the directory, which were not followed.</param>
internal sealed record Report(SearchTally Tally, int Pages, int OutsideLinks, ImmutableArray<ReportGroup> Groups);
