using OpAgent.Core.Text;

namespace OpAgent.Acp.Folding;

/// <summary>A change of a file. It is compared when somebody looks: updates often repeat it.</summary>
internal sealed record DiffPart(string? OldText, string NewText, string Path) : ToolPart
{
    // Longer texts are not compared but summed up in a line, which is written at once instead of keeping them.
    private const int MaxLength = 1024 * 1024;

    public override int Weight => (OldText?.Length ?? 0) + NewText.Length + Path.Length + Overhead;

    /// <summary>The change as a part that can be kept.</summary>
    public static ToolPart From(string? oldText, string newText, string path)
    {
        var part = new DiffPart(oldText, newText, path);
        return newText.Length > MaxLength || oldText?.Length > MaxLength ? part.Compare() : part;
    }

    public ToolPart Compare() =>
        UnifiedDiff.Create(OldText, NewText, Path) is { Length: > 0 } diff
            ? new FencePart(diff, "diff")
            : new MentionPart($"{ContentMention.Code(Path)} stays as it is.");

    public override string Write() => Compare().Write();

    public override ToolPart Cut(int length) => new MentionPart("");
}
