using System.Text;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;

namespace OpAgent.Fuzzing.Targets;

/// <summary>Conversation files as people, editors, crashes and other programs may leave them.</summary>
internal sealed class ConversationFiles : IFuzzTarget
{
    private static readonly Turn Added = new(new Guid("019ab3c4-0000-7000-8000-000000000001"), "bob", new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero)) { Blocks = [new TextBlock("More, please.")] };

    public string Name => "conversation-files";

    public IEnumerable<byte[]> Seeds =>
        new[]
        {
            """
            ---
            opagent: 1
            id: 019ab3c4-0000-7000-8000-000000000000
            title: Tighten the introduction
            agent: writer@1.2.0
            created: 2026-11-22T15:29:00Z
            tags: [a, b]
            ---

            <!-- turn {"id":"019ab3c4-0000-7000-8000-000000000002","by":"alice","at":"2026-11-22T15:29:05Z","attachments":["docs/intro.md"]} -->
            ## alice

            Please tighten the intro.
            \<!-- turn {} -->

            <!-- turn {"id":"019ab3c4-0000-7000-8000-000000000002","by":"writer@1.2.0","at":"2026-11-22T15:29:06Z","stop":"end_turn","in":812,"out":377,"cost":0.0042} -->
            ## writer

            <!-- thought {} -->
            <details><summary>Thought</summary>

            Shorter is better.

            </details>

            <!-- plan {} -->
            - [ ] First
            - [x] Second

            <!-- tool {"id":"t1","kind":"edit","status":"completed","path":"docs/intro.md","ms":210,"decision":"alice allow_once"} -->
            <details><summary>✔ edit docs/intro.md</summary>

            ```diff
            -a
            +b
            ```

            </details>

            Done: three sentences shorter.

            <!-- notice {"kind":"agent-exited"} -->
            <details><summary>It exited</summary>

            stderr

            </details>

            """,
            "---\nopagent: 1\nid: 019ab3c4-0000-7000-8000-000000000000\ntitle: ''\nagent: a@1.0.0\ncreated: 2026-11-22T15:29:00Z\n---\n",
            "---\r\nopagent: 1\r\nid: 019ab3c4-0000-7000-8000-000000000000\r\ntitle: \"x\\\"y\"\r\nagent: a@1.0.0\r\ncreated: 2026-11-22T15:29:00Z\r\nforkedFrom: b\r\n---\r\ntext before\r\n",
            "no front matter at all\n",
        }.Select(Encoding.UTF8.GetBytes);

    public IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. new[]
        {
            "---\n", "\n", "\r\n", "\n\n", "\\", "opagent: 1\n", "opagent: 2\n", "id: 019ab3c4-0000-7000-8000-000000000000\n", "title: ", "agent: ", "created: ", "forkedFrom: ", "<!-- turn {\"id\":\"019ab3c4-0000-7000-8000-000000000002\",\"by\":\"b\",\"at\":\"2026-11-22T15:29:05Z\"} -->\n",
            "<!-- tool {\"id\":\"t\"} -->\n", "<!-- thought {} -->\n", "<!-- plan {} -->\n", "<!-- notice {\"kind\":\"x\"} -->\n", "\\<!-- tool {} -->", "<!-- ", " -->", "<details><summary>", "</summary>", "</details>\n", "\n</details>", "## alice\n", "- [ ] ", "- [x] ", "```\n", "~~~",
            "\uFEFF", "\u2028", "\u0085", "\0", "\"stop\":\"end_turn\"", "\"cost\":1e400", "\"ms\":-1", "\"attachments\":[]", "99999999999999999999", "\\u0000", "\\ud800", "'", "\"", "{", "}", "|\n", "&a ", "*a",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public int Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        CheckTitle(text);
        var result = ConversationMarkdown.Parse(text);
        if (result.Conversation is not { } conversation)
        {
            InvariantException.Require(result.Error!.Line >= 1 && result.Error.Line <= text.Count(c => c is '\n' or '\r') + 1, $"The error is on a line that is not there: {result.Error}");
            return HashCode.Combine(result.Error.Message.Length, Math.Min(result.Error.Line, 12));
        }

        InvariantException.Require(conversation.Equals(conversation.Normalized()), "What was read is not normalized.");
        InvariantException.Require(conversation.Equals(Parse(ConversationMarkdown.Write(conversation))), "What was read and written is read as something else.");
        var after = Parse(ConversationMarkdown.Append(text, Added));
        InvariantException.Require(after.Equals(conversation with { Turns = conversation.Turns.Add(Added.Normalized()) }), "Appending a turn changed more than that.");
        var kinds = new HashCode();
        foreach (var block in conversation.Turns.Take(4).SelectMany(turn => turn.Blocks.Take(6))) kinds.Add(block.GetType());
        return HashCode.Combine(conversation.Turns.Count, conversation.Preamble.Length > 0, conversation.Header.Extra.Length > 0, kinds.ToHashCode());
    }

    private static Conversation Parse(string text)
    {
        var result = ConversationMarkdown.Parse(text);
        return result.Conversation ?? throw new InvariantException($"What was written is broken: {result.Error}");
    }

    private static void CheckTitle(string text)
    {
        try
        {
            var changed = ConversationMarkdown.SetTitle(text, "Another: title");
            if (ConversationMarkdown.ReadHeader(changed) is { IsValid: true } result) InvariantException.Require(result.Header.Title == "Another: title", "The title was not set.");
            else throw new InvariantException("Setting the title broke the front matter.");
        }
        catch (ProblemException refused) when (refused.Problem == KnownProblems.ConversationBroken)
        {
            // Lines that end in a carriage return alone are read, but not edited.
            InvariantException.Require(text.Replace("\r\n", "", StringComparison.Ordinal).Contains('\r') || !ConversationMarkdown.ReadHeader(text).IsValid, "The title of a good file was refused.");
        }
    }
}
