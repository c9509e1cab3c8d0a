namespace OpAgent.Core.Documents;

/// <summary>Something in a configuration file that OpAgent cannot use.</summary>
/// <param name="File">The file, as it was named by the reader.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Key">The key concerned, dotted for nested ones; empty where the file as a whole is meant.</param>
/// <param name="Expected">What should stand there and what was found, or why the file cannot be read, as a sentence without a full stop.</param>
public sealed record FormatError(string File, int Line, string Key, string Expected)
{
    public override string ToString() => Key.Length == 0 ? $"{File}:{Line}: {Expected}" : $"{File}:{Line}: {Key}: {Expected}";
}
