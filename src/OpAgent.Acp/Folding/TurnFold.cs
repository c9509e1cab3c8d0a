using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OpAgent.Core;
using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Folding;

/// <summary>
/// Makes the blocks of a turn from what an agent tells while it works. The runtime writes the conversation file with it and the page
/// shows a running turn with it, so that both show the same. Not safe for several threads at once.
/// </summary>
/// <remarks>
/// Whatever an agent sends, nothing throws and memory stays bounded: a turn holds at most 3 million characters of what the agent says and
/// 4 million of what tools produce, a block 2 million, in 12,000 blocks, with a visible note where something was cut.
/// </remarks>
/// <param name="directory">The conversation's directory, absolute: paths below it are shown relative to it.</param>
/// <param name="spillFolder">
/// The folder in which the caller keeps <see cref="Spilled"/>, relative to the conversation file; the links point there.
/// </param>
public sealed class TurnFold(string directory, string spillFolder = "")
{
    private const int MaxBlocks = 12_000;
    private const int MaxCurrency = 10;
    private const int ToolOverhead = 200;   // what a call has in the file beside its title and output, in characters
    private const int MaxId = 200;

    private readonly FoldContext _context = new(directory, spillFolder);
    private readonly List<BlockBuilder> _blocks = [];
    private readonly Dictionary<string, ToolBuilder> _tools = [];
    private PlanBuilder? _plan;
    private ValueList<TurnBlock> _snapshot = [];
    private long _snapshotVersion;
    private int? _fullNotice;        // where the notice stands that the turn is full
    private long _lost;
    private bool _isFinished;

    /// <summary>Grows with each change that can be seen.</summary>
    public long Version { get; private set; }

    /// <summary>What the agent told of its context and cost; null when it told nothing.</summary>
    public TurnUsage? Usage { get; private set; }

    /// <summary>The blocks as they stand. Only what changed since the last look is built again.</summary>
    public ValueList<TurnBlock> Blocks
    {
        get
        {
            if (_snapshotVersion != Version) _snapshot = _blocks.Select(builder => builder.Block).ToValueList();
            _snapshotVersion = Version;
            return _snapshot;
        }
    }

    /// <summary>The tool outputs of which the blocks hold only the beginning, in order.</summary>
    public IReadOnlyList<SpilledOutput> Spilled => [.. _blocks.Select(builder => builder.Spilled).OfType<SpilledOutput>()];

    /// <summary>Takes one update, as <see cref="IAcpClient.OnUpdate"/> gets it. What cannot be read is ignored.</summary>
    /// <param name="update">The update's JSON object.</param>
    /// <param name="at">When it came.</param>
    public void Apply(ReadOnlySpan<byte> update, DateTimeOffset at)
    {
        if (_isFinished) return;
        update = LongUpdate.Shorten(update);
        if (TextChunk.TryRead(update, out var chunk) && TryAppend(chunk)) return;
        switch (SessionUpdate.TryParse(update))
        {
            case AgentMessageChunk message:
                Append(message, isThought: false);
                break;
            case AgentThoughtChunk thought:
                Append(thought, isThought: true);
                break;
            case ToolCall call:
                Upsert(call.AsUpdate(), at);
                break;
            case ToolCallUpdate change:
                Upsert(change, at);
                break;
            case Plan plan:
                Replace(plan);
                break;
            case UsageUpdate usage:
                Usage = new TurnUsage(usage.Used, usage.Size, Amount(usage.Cost), usage.Cost is { Currency: { } currency } ? Shortened.Text(currency, MaxCurrency) : null);
                Version++;
                break;
        }
    }

    /// <summary>Takes note that the permission for a tool call was decided.</summary>
    /// <param name="toolCallId">The call's id.</param>
    /// <param name="toolCall">The call as the agent sent it with its request.</param>
    /// <param name="decision">Who or what decided and how, for example <c>alice allow_once</c>.</param>
    public void Decide(string toolCallId, JsonElement toolCall, string decision)
    {
        if (Tool(toolCallId) is not { } tool) return;
        tool.Decide(ReadToolCall(toolCall), decision);
        Version++;
    }

    /// <summary>Adds something that OpAgent itself has to say.</summary>
    public void AddNotice(string kind, string summary, string body = "")
    {
        _blocks.Add(new NoticeBuilder(new NoticeBlock(kind, summary, body)));
        Version++;
    }

    /// <summary>
    /// Ends the turn: later updates are ignored. Tool calls that are still open keep their status and have taken until now.
    /// </summary>
    /// <param name="at">When the turn ended.</param>
    public void Finish(DateTimeOffset at)
    {
        if (_isFinished) return;
        _isFinished = true;
        foreach (var tool in _tools.Values) tool.Finish(at);
        if (_fullNotice is { } index) _blocks[index] = FullNotice();
        Version++;
    }

    private bool TryAppend(TextChunk chunk)
    {
        var characters = ArrayPool<char>.Shared.Rent(chunk.MaxLength);
        var length = chunk.CopyTo(characters);
        if (length >= 0) AppendText(characters.AsSpan(0, length), chunk.MessageId, chunk.IsThought);
        ArrayPool<char>.Shared.Return(characters);
        return length >= 0;
    }

    private void Append(ContentChunk chunk, bool isThought)
    {
        if (chunk.Content is TextContent text) AppendText(text.Text, chunk.MessageId, isThought);
        else if (Text(isThought) is { } block && block.AppendParagraph(ContentMention.Write(chunk.Content), chunk.MessageId)) Version++;
    }

    private void AppendText(ReadOnlySpan<char> text, string? messageId, bool isThought)
    {
        // A block does not begin with nothing to see.
        if (text.IsWhiteSpace() && (_blocks is not [.., TextBuilder last] || last.IsThought != isThought)) return;
        if (Text(isThought) is { } block && block.Append(text, messageId)) Version++;
    }

    /// <summary>The block that text goes on in; null where the turn is full.</summary>
    private TextBuilder? Text(bool isThought)
    {
        if (_blocks is [.., TextBuilder last] && last.IsThought == isThought) return last;
        var text = new TextBuilder(isThought, _context.Said);
        return Add(text, _context.Said) ? text : null;
    }

    private void Upsert(ToolCallUpdate update, DateTimeOffset at)
    {
        if (Tool(update.ToolCallId) is not { } tool) return;
        tool.Apply(update, at);
        Version++;
    }

    private ToolBuilder? Tool(string id)
    {
        var shortId = Shortened.Text(id, MaxId);
        if (_tools.TryGetValue(shortId, out var tool)) return tool;
        tool = new ToolBuilder(shortId, _tools.Count + 1, _context);
        if (!Add(tool, _context.Output)) return null;
        _context.Output.Take(ToolOverhead);
        _tools.Add(shortId, tool);
        return tool;
    }

    private void Replace(Plan plan)
    {
        if (_plan is null)
        {
            if (plan.Entries.Count is 0) return;
            var builder = new PlanBuilder();
            if (!Add(builder, _context.Said)) return;
            _plan = builder;
        }
        _plan.Replace(plan);
        Version++;
    }

    private bool Add(BlockBuilder block, Allowance allowance)
    {
        if (_blocks.Count < MaxBlocks && allowance.Left > 0)
        {
            _blocks.Add(block);
            return true;
        }
        _lost++;
        if (_fullNotice is not null) return false;
        _fullNotice = _blocks.Count;
        _blocks.Add(FullNotice());
        Version++;
        return false;
    }

    private NoticeBuilder FullNotice() => new(new NoticeBlock("output-cut", _lost == 1
        ? "The agent went on, but it wrote more than is kept of a turn."
        : string.Create(CultureInfo.InvariantCulture, $"The agent went on, but it wrote more than is kept of a turn: {_lost:N0} updates were left out.")));

    private static ToolCallUpdate? ReadToolCall(JsonElement toolCall)
    {
        try
        {
            return toolCall.Deserialize(AcpJson.Default.ToolCallUpdate);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static decimal? Amount(Cost? cost) =>
        cost is { Amount: >= -1e15 and <= 1e15 } ? (decimal)cost.Amount : null;
}
