using System.Collections.Immutable;
using OpAgent.Agents.Proofreader.Checks;
using OpAgent.Agents.Text.Files;

namespace OpAgent.Agents.Proofreader;

/// <summary>A page that was read.</summary>
/// <param name="Path">Relative to the session's directory.</param>
/// <param name="FullPath">Where its bytes are; the end of the link, where the path is a symbolic link.</param>
internal sealed record Page(string Path, string FullPath, TextFile Content, ImmutableArray<Finding> Findings, string FixedText)
{
    public int Fixable => Findings.Count(finding => finding.IsFixable);

    /// <summary>The file's bytes with the fixes: its byte order mark stays.</summary>
    public byte[] FixedBytes() => [.. Content.HasByteOrderMark ? Content.Bytes.AsSpan(0, 3) : [], .. System.Text.Encoding.UTF8.GetBytes(FixedText)];
}
