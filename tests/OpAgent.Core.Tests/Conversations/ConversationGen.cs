using CsCheck;
using OpAgent.Core.Conversations;

namespace OpAgent.Core.Tests.Conversations;

/// <summary>Conversations made of the pieces that are most likely to break the file format.</summary>
internal static class ConversationGen
{
    private static readonly string[] Pieces =
    [
        "<!-- turn {\"id\":\"x\"} -->", "<!-- tool {} -->", "<!-- plan", "<!-- thought {} --> ", "<!-- notice {", "<!-- turning -->", "<!--turn -->", "\\<!-- turn {} -->",
        "\\\\<!-- tool", "</details>", "\\</details>", "</details> \t", "<details><summary>✔ edit a</summary>", "<details>", "</summary>", "```", "~~~~", "`", "\\", "---", "...", "--- x",
        "-->", "## alice", "## writer", "##", "- [x] a", "- [", "\n", "\n\n", "\r", "\r\n", " ", "\t", "    ", "\0", "\uD83D", "\uDE00", "😀", "שלום", "日本", "é", "\uFEFF", "\u2028", "\u0085",
        "&lt;", "&amp;", "<b>", "\"", "'", ": ", " #", "{", "}", "[", "]", ",", "&", "*", "!", "|", ">", "%", "@", "a", "alice", "id: x", "title: y", "\u0001", "\u00A0", "\uFFFF", "✔ ", "✖", "null", "1", "true",
    ];

    public static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(Pieces).Array[0, 12].Select(string.Concat),
        Gen.OneOf(Pieces).Array[0, 8].Select(lines => string.Join('\n', lines)),
        Gen.String[0, 12]);

    private static readonly Gen<Guid> Id = Gen.Guid;
    private static readonly Gen<DateTimeOffset> Time = Gen.DateTimeOffset;
    private static readonly Gen<string?> Optional = Gen.Bool.SelectMany(isSet => isSet ? Text.Select(text => (string?)text) : Gen.Const((string?)null));
    private static readonly Gen<long?> OptionalCount = Gen.Bool.SelectMany(isSet => isSet ? Gen.Long.Select(count => (long?)count) : Gen.Const((long?)null));
    private static readonly Gen<decimal?> OptionalAmount = Gen.Bool.SelectMany(isSet => isSet ? Gen.Decimal.Select(amount => (decimal?)amount) : Gen.Const((decimal?)null));
    private static readonly Gen<string> Status = Gen.OneOf(Gen.OneOf("pending", "in_progress", "completed", "failed"), Text);
    private static readonly Gen<string> By = Gen.OneOf(Gen.OneOf("alice", "writer@1.2.0", "שלום"), Text);

    public static readonly Gen<TurnBlock> Block = Gen.OneOf<TurnBlock>(
        Text.Select(text => (TurnBlock)new TextBlock(text)),
        Text.Select(text => (TurnBlock)new ThoughtBlock(text)),
        Gen.Select(Text, Text, Text).Select((kind, summary, body) => (TurnBlock)new NoticeBlock(kind, summary, body)),
        Gen.Select(Text, Status).Select((content, status) => new PlanEntry(content, status)).Array[0, 4].Select(entries => (TurnBlock)new PlanBlock(entries.ToValueList())),
        Gen.Select(Gen.Select(Text, Text, Status, Text), Gen.Select(Optional, OptionalCount, Optional, Text)).Select((tool, more) =>
            (TurnBlock)new ToolBlock(tool.Item1, tool.Item2, tool.Item3, tool.Item4) { Path = more.Item1, Milliseconds = more.Item2, Decision = more.Item3, Body = more.Item4 }));

    public static readonly Gen<Turn> Turn = Gen.Select(
        Gen.Select(Id, By, Time, Text.Array[0, 3]),
        Gen.Select(Optional, OptionalCount, OptionalCount, OptionalAmount, Optional),
        Block.Array[0, 5]).Select((who, end, blocks) => new Turn(who.Item1, who.Item2, who.Item3)
        {
            Attachments = who.Item4.ToValueList(),
            Stop = end.Item1,
            In = end.Item2,
            Out = end.Item3,
            Cost = end.Item4,
            Error = end.Item5,
            Blocks = blocks.ToValueList(),
        });

    private static readonly Gen<string> Extra = Gen.OneOf(
        Gen.OneOf("", "# a comment\ntags:\n  - one # two\n  - [a, b]\nowner: {name: x}\n\n# last", "note: |\n  id: not mine\n  ---x\n\n  end", "title: again", "- a", "  foo", "---\nx: 1", "x: &a 1", "a: 'b"),
        Text);

    public static readonly Gen<ConversationHeader> Header = Gen.Select(Id, Text, Text, Time, Gen.Select(Optional, Extra)).Select((id, title, agent, created, more) =>
        new ConversationHeader(id, title, agent, created) { ForkedFrom = more.Item1, Extra = more.Item2 });

    public static readonly Gen<Conversation> Conversation = Gen.Select(Header, Text, Turn.Array[0, 4]).Select((header, preamble, turns) =>
        new Conversation(header) { Preamble = preamble, Turns = turns.ToValueList() });
}
