namespace OpAgent.Acp.Folding;

/// <summary>The whole output of a tool call whose block holds only the beginning and a link.</summary>
/// <param name="File">
/// The file's name within the folder that the fold was made with. It depends on the text, so that all turns of a conversation can share
/// the folder.
/// </param>
/// <param name="Text">The whole output as Markdown.</param>
public sealed record SpilledOutput(string File, string Text);
