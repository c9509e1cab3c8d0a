using System.Text;
using System.Text.Json;
using OpAgent.Acp.Folding;
using OpAgent.Core.Conversations;

namespace OpAgent.Acp.Tests.Folding;

/// <summary>A fold that is given updates as text, one second after the other.</summary>
internal sealed class Fold
{
    public static readonly DateTimeOffset Begin = new(2026, 11, 22, 15, 29, 0, TimeSpan.Zero);

    private int _seconds;

    public TurnFold Turn { get; } = new("/srv/docs", "conv/turn");

    public IReadOnlyList<TurnBlock> Blocks => Turn.Blocks;

    public Fold Say(string text, string? messageId = null) => Apply(new AgentMessageChunk(new TextContent(text)) { MessageId = messageId });

    public Fold Think(string text) => Apply(new AgentThoughtChunk(new TextContent(text)));

    public Fold Apply(SessionUpdate update) => Apply(JsonSerializer.Serialize(update, AcpJson.Default.SessionUpdate));

    public Fold Apply(string update)
    {
        Turn.Apply(Encoding.UTF8.GetBytes(update), Begin.AddSeconds(_seconds++));
        return this;
    }

    public ToolBlock Tool(int index = 0) => Turn.Blocks.OfType<ToolBlock>().ElementAt(index);
}
