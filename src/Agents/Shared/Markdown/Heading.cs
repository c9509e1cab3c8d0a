namespace OpAgent.Agents.Text.Markdown;

/// <summary>A heading as a reader sees it.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Text">Without marks, links' targets and HTML.</param>
/// <param name="Line">1-based.</param>
public sealed record Heading(int Level, string Text, int Line);
