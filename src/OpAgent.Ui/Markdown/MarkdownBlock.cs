namespace OpAgent.Ui.Markdown;

/// <summary>A rendered part of a text.</summary>
/// <param name="Key">Which part it is: the same one keeps its key while the text grows.</param>
/// <param name="Line">1-based, in the source.</param>
/// <param name="Html">Clean.</param>
/// <param name="IsOpen">Whether it may still change, because the text goes on here.</param>
public sealed record MarkdownBlock(int Key, int Line, string Html, bool IsOpen = false);
