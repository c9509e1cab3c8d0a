using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Folding;

/// <summary>A tool call with all that was told of it so far.</summary>
/// <param name="id">The agent's id of the call.</param>
/// <param name="number">The call's place among the turn's calls, from 1.</param>
/// <param name="context">What the blocks share.</param>
internal sealed class ToolBuilder(string id, int number, FoldContext context) : BlockBuilder
{
    private const int MaxTitle = 500;

    private readonly PartList _content = new(context.Output);
    private readonly PartList _input = new(context.Output);
    private readonly PartList _output = new(context.Output);
    private string? _title;
    private string _kind = ToolKind.Other;
    private string _status = ToolCallStatus.Pending;
    private string? _diffPath;
    private string? _locationPath;
    private string? _decision;
    private DateTimeOffset? _begun;
    private long? _milliseconds;
    private SpilledOutput? _spilled;

    public override SpilledOutput? Spilled
    {
        get
        {
            _ = Block;
            return _spilled;
        }
    }

    public void Apply(ToolCallUpdate update, DateTimeOffset at)
    {
        _begun ??= at;
        Apply(update);
        if (_status is not (ToolCallStatus.Completed or ToolCallStatus.Failed)) _milliseconds = null;
        else _milliseconds ??= Elapsed(at);
    }

    /// <summary>The turn has ended, and with it a call that is still open.</summary>
    public void Finish(DateTimeOffset at)
    {
        if (_begun is null || _milliseconds is not null) return;
        _milliseconds = Elapsed(at);
        Changed();
    }

    public void Decide(ToolCallUpdate? toolCall, string decision)
    {
        _decision = decision;
        if (toolCall is not null) Apply(toolCall);
        Changed();
    }

    protected override TurnBlock Build()
    {
        _content.Compare(context.Diffs);
        // What the model gave and got says the same as the content, less readably.
        IReadOnlyList<ToolPart> parts = _content.Parts.Count > 0 ? _content.Parts : [.. _input.Parts, .. _output.Parts];
        var body = ToolBody.Write(parts);
        _spilled = body.Length > ToolBody.MaxLength ? new SpilledOutput(FileName(body), body) : null;
        if (_spilled is not null) body = ToolBody.WriteHead(parts, body.Length, context.SpillLink(_spilled.File));
        return new ToolBlock(id, _kind, _status, _title ?? _kind)
        {
            Path = _diffPath ?? _locationPath,
            Milliseconds = _milliseconds,
            Decision = _decision,
            Body = body,
        };
    }

    // By its content: turns that share a folder do not overwrite each other's outputs.
    private string FileName(string output)
    {
        var hash = SHA256.HashData(MemoryMarshal.AsBytes(output.AsSpan()));
        return $"tool-{number:0000}-{Convert.ToHexStringLower(hash.AsSpan(0, 6))}.md";
    }

    private long? Elapsed(DateTimeOffset at) => _begun is { } begun ? Math.Max(0, (long)(at - begun).TotalMilliseconds) : null;

    private void Apply(ToolCallUpdate update)
    {
        var title = update.Title is { Length: > 0 } ? update.Title : _title ?? update.Name;
        SetTitle(title is { Length: > 0 } ? Shortened.Text(title, MaxTitle) : null);
        if (update.Kind is not null) _kind = Kind(update.Kind);
        if (IsStatus(update.Status)) _status = update.Status!;
        if (update.Locations is [var location, ..]) _locationPath = context.RelativePath(location.Path);
        if (update.Content is { } content) Replace(content);
        if (update.RawInput is { } input) _input.Replace([RawValue.Write(input)]);
        if (update.RawOutput is { } output) _output.Replace([RawValue.Write(output)]);
        Changed();
    }

    // The file holds it twice, for programs and for people, and thousands of calls have one.
    private void SetTitle(string? title)
    {
        if (title == _title) return;
        context.Output.Return(2 * (_title?.Length ?? 0));
        var room = context.Output.Take(2 * (title?.Length ?? 0)) / 2;
        _title = room > 0 ? title![..room] : null;
    }

    private void Replace(IReadOnlyList<ToolCallContent> content)
    {
        if (content.OfType<ToolCallDiff>().FirstOrDefault() is { } diff) _diffPath = context.RelativePath(diff.Path);
        _content.Replace(content.Select(Part));
    }

    private ToolPart Part(ToolCallContent content) => content switch
    {
        ToolCallContentBlock { Content: TextContent text } => FencePart.FromText(text.Text),
        ToolCallContentBlock { Content: var block } => new MentionPart(ContentMention.Write(block)),
        ToolCallDiff diff => DiffPart.From(diff.OldText, diff.NewText, context.RelativePath(diff.Path) ?? "file"),
        ToolCallTerminal terminal => new MentionPart($"Terminal {ContentMention.Code(terminal.TerminalId)}"),
        _ => new MentionPart("[output of an unknown kind]"),
    };

    /// <summary>The kind, or <see cref="ToolKind.Other"/> for one that nobody here knows.</summary>
    private static string Kind(string kind) => kind is ToolKind.Read or ToolKind.Edit or ToolKind.Delete or ToolKind.Move or ToolKind.Search
        or ToolKind.Execute or ToolKind.Think or ToolKind.Fetch or ToolKind.SwitchMode ? kind : ToolKind.Other;

    private static bool IsStatus(string? status) =>
        status is ToolCallStatus.Pending or ToolCallStatus.InProgress or ToolCallStatus.Completed or ToolCallStatus.Failed;
}
