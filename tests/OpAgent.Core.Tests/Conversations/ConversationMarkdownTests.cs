using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;

namespace OpAgent.Core.Tests.Conversations;

public class ConversationMarkdownTests
{
    private static readonly Guid Id = Guid.Parse("019ab3c4-0000-7000-8000-000000000001");
    private static readonly Guid TurnId = Guid.Parse("019ab3c4-0000-7000-8000-000000000002");
    private static readonly DateTimeOffset Time = new(2026, 11, 22, 15, 29, 5, TimeSpan.Zero);

    private const string Header = """
        ---
        opagent: 1
        id: 019ab3c4-0000-7000-8000-000000000001
        title: Tighten the introduction
        agent: writer@1.2.0
        created: 2026-11-22T15:29:05Z
        ---

        """;

    private const string Example = Header + """

        <!-- turn {"id":"019ab3c4-0000-7000-8000-000000000002","by":"alice","at":"2026-11-22T15:29:05Z","attachments":["docs/intro.md"]} -->
        ## alice

        Please tighten the intro.

        <!-- turn {"id":"019ab3c4-0000-7000-8000-000000000002","by":"writer@1.2.0","at":"2026-11-22T15:29:05Z","stop":"end_turn","in":812,"out":377,"cost":0.0042} -->
        ## writer

        <!-- thought {} -->
        <details><summary>Thought</summary>

        Shorter is better.

        </details>

        <!-- plan {} -->
        <details><summary>Plan: 1 of 3 done</summary>

        - [x] Read
        - [-] Edit
        - [ ] Check

        </details>

        <!-- tool {"id":"t1","kind":"edit","status":"completed","path":"docs/intro.md","ms":210,"decision":"alice allow_once","title":"Edit the intro 😀"} -->
        <details><summary>✔ edit docs/intro.md</summary>

        ```diff
        -a
        +b
        ```

        </details>

        Done: three sentences shorter.

        <!-- notice {"kind":"agent-exited"} -->
        <details><summary>The agent exited with code 1 &lt;b&gt;</summary>

        </details>

        """;

    private static readonly Conversation Expected = new(new ConversationHeader(Id, "Tighten the introduction", "writer@1.2.0", Time))
    {
        Turns =
        [
            new Turn(TurnId, "alice", Time) { Attachments = ["docs/intro.md"], Blocks = [new TextBlock("Please tighten the intro.")] },
            new Turn(TurnId, "writer@1.2.0", Time)
            {
                Stop = "end_turn",
                In = 812,
                Out = 377,
                Cost = 0.0042m,
                Blocks =
                [
                    new ThoughtBlock("Shorter is better."),
                    new PlanBlock([new PlanEntry("Read", "completed"), new PlanEntry("Edit", "in_progress"), new PlanEntry("Check", "pending")]),
                    new ToolBlock("t1", "edit", "completed", "Edit the intro 😀")
                    {
                        Path = "docs/intro.md", Milliseconds = 210, Decision = "alice allow_once", Body = "```diff\n-a\n+b\n```",
                    },
                    new TextBlock("Done: three sentences shorter."),
                    new NoticeBlock("agent-exited", "The agent exited with code 1 <b>"),
                ],
            },
        ],
    };

    [Theory]
    [InlineData("\"a\\ud800t\":1")]
    [InlineData("\"by\":\"\\udc00\"")]
    public void Parse_MarkerWithHalfOfASurrogatePair_FailsWithItsLine(string field)
    {
        var file = ConversationMarkdown.Write(new Conversation(new ConversationHeader(Guid.NewGuid(), "t", "a@1.0.0", DateTimeOffset.UnixEpoch))) + $"<!-- turn {{{field}}} -->\n";

        Assert.Equal(file.Count(c => c == '\n'), ConversationMarkdown.Parse(file).Error!.Line);
    }

    [Theory]
    [InlineData("Tighten\0it")]
    [InlineData("\0")]
    public void SetTitle_WhereANulStands_ReplacesTheTitle(string title)
    {
        var file = ConversationMarkdown.Write(new Conversation(new ConversationHeader(Guid.NewGuid(), "TITLE", "a@1.0.0", DateTimeOffset.UnixEpoch))).Replace("TITLE", title);

        Assert.Equal("new", ConversationMarkdown.ReadHeader(ConversationMarkdown.SetTitle(file, "new")).Header!.Title);
    }

    [Fact]
    public void Write_Conversation_IsTheDocumentedForm() => Assert.Equal(Example, ConversationMarkdown.Write(Expected));

    [Fact]
    public void Parse_DocumentedForm_IsTheConversation() => Assert.Equal(Expected, Parsed(Example));

    [Fact]
    public void Parse_ByteOrderMarkAndCarriageReturns_IsTheSame() => Assert.Equal(Expected, Parsed("\uFEFF" + Example.Replace("\n", "\r\n")));

    [Fact]
    public void Parse_UnknownMarkerProperty_IsIgnored() =>
        Assert.Equal("alice", Parsed(Header + $$"""<!-- turn {"id":"{{TurnId}}","mood":[1,{}],"by":"alice","at":"2026-11-22T15:29:05Z"} -->""").Turns[0].By);

    [Fact]
    public void Parse_HeadingOfAnotherName_IsText() =>
        Assert.Equal([new TextBlock("## bob\n\nhi")], Parsed(Example.Replace("## alice\n\nPlease tighten the intro.", "## bob\n\nhi")).Turns[0].Blocks);

    [Fact]
    public void Parse_TextBeforeTheFirstTurn_IsThePreamble() => Assert.Equal("A note.", Parsed(Header + "\nA note.\n").Preamble);

    [Fact]
    public void Parse_DetailsTakenOutByHand_EndsTheBlockAtTheNextMarker()
    {
        var blocks = Parsed(Example.Replace("<details><summary>✔ edit docs/intro.md</summary>\n\n", "").Replace("```\n\n</details>", "```")).Turns[1].Blocks;

        Assert.Equal("```diff\n-a\n+b\n```\n\nDone: three sentences shorter.", Assert.IsType<ToolBlock>(blocks[2]).Body);
        Assert.IsType<NoticeBlock>(blocks[3]);
    }

    [Fact]
    public void Parse_ToolWithoutTitle_TakesItFromTheSummary()
    {
        var tool = new ToolBlock("t1", "execute", "failed", "Run <tests> & more");
        var file = ConversationMarkdown.Append(Header, new Turn(TurnId, "writer@1", Time) { Blocks = [tool] });

        Assert.Contains("{\"id\":\"t1\",\"kind\":\"execute\",\"status\":\"failed\"} -->\n<details><summary>✖ Run &lt;tests&gt; &amp; more</summary>", file);
        Assert.Equal(tool, Parsed(file).Turns[0].Blocks[0]);
    }

    [Fact]
    public void Write_AdjacentAndEmptyTexts_AreOneText()
    {
        var turn = new Turn(TurnId, "alice", Time) { Blocks = [new TextBlock("a\r\n"), new TextBlock(" \n"), new ThoughtBlock(""), new TextBlock("\n  b")] };

        Assert.Equal([new TextBlock("a\n\n  b")], Parsed(ConversationMarkdown.Append(Header, turn)).Turns[0].Blocks);
    }

    [Fact]
    public void Write_MarkerInText_IsEscapedAndDoesNotEndTheTurn()
    {
        var turn = new Turn(TurnId, "alice", Time) { Blocks = [new TextBlock("```\n<!-- turn {} -->\n\\<!-- tool\n```"), new ThoughtBlock("</details>\nx")] };
        var file = ConversationMarkdown.Append(Header, turn);

        Assert.Contains("\n\\<!-- turn {} -->\n\\\\<!-- tool\n", file);
        Assert.Contains("\n\\</details>\nx\n\n</details>\n", file);
        Assert.Equal(turn, Parsed(file).Turns[0]);
    }

    [Theory]
    [InlineData("text", "\n\n")]
    [InlineData("text\n", "\n")]
    [InlineData("text\n\n", "")]
    [InlineData("text\r\n\r\n", "")]
    [InlineData("text\n  ", "\n\n")]
    public void Append_AnyEnd_LeavesABlankLineBeforeTheMarker(string end, string inserted)
    {
        var turn = new Turn(TurnId, "alice", Time);

        Assert.Equal(end + inserted + ConversationMarkdown.WriteTurn(turn), ConversationMarkdown.Append(end, turn));
    }

    [Theory]
    [InlineData("<!-- turn {\"id\":\"019ab3c4-00", 8, "no --> at its end")]
    [InlineData("a\n<!-- turn {\"id\": -->", 9, "no valid JSON")]
    [InlineData("<!-- turn [] -->", 8, "no properties")]
    [InlineData("<!-- turn {\"id\":\"1\",\"by\":\"a\",\"at\":\"2026-11-22T15:29:05Z\"} -->", 8, "a UUID as \"id\"")]
    [InlineData("<!-- turn {\"id\":\"019ab3c4-0000-7000-8000-000000000002\",\"by\":\"a\",\"at\":\"noon\"} -->", 8, "a time")]
    [InlineData("<!-- turn {\"id\":\"019ab3c4-0000-7000-8000-000000000002\",\"by\":\"a\",\"at\":\"2026-11-22T15:29:05Z\",\"in\":1.5} -->\n## a", 8, "a whole number as \"in\"")]
    [InlineData("\n<!-- tool {\"id\":\"t\",\"kind\":\"read\",\"status\":\"completed\"} -->", 9, "before the first turn")]
    public void Parse_BrokenMarker_NamesItsLine(string body, int line, string message)
    {
        var error = ConversationMarkdown.Parse(Header + body).Error;

        Assert.NotNull(error);
        Assert.Equal(line, error.Line);
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("# Notes", 1, "does not begin with front matter")]
    [InlineData("---\ntitle: x", 2, "has no end")]
    [InlineData("---\ntitle: x\n---\n", 2, "no 'opagent: 1'")]
    [InlineData("---\nopagent: 2\n---\n", 2, "a newer OpAgent wrote this file")]
    [InlineData("---\nopagent: one\n---\n", 2, "expected the file format's version")]
    [InlineData("---\n\nopagent: 1\nid: 7\n---\n", 4, "expected the conversation's UUID, found '7'")]
    [InlineData("---\nopagent: 1\nid: 019ab3c4-0000-7000-8000-000000000001\n---\n", 2, "created: expected a time")]
    [InlineData("---\nopagent: 1\ntitle: [a]\n---\n", 3, "title: expected text, found a list")]
    [InlineData("---\nopagent: 1\ntitle: 'a\n---\n", 3, "cannot be read")]
    [InlineData("---\n{opagent: 1}\n---\n", 2, "braces")]
    public void Parse_BrokenFrontMatter_NamesItsLine(string file, int line, string message)
    {
        var error = ConversationMarkdown.Parse(file).Error;

        Assert.NotNull(error);
        Assert.Equal(error, ConversationMarkdown.ReadHeader(file).Error);
        Assert.Equal(line, error.Line);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void ReadHeader_BeginningOfAFile_IsTheHeader() =>
        Assert.Equal(Expected.Header, ConversationMarkdown.ReadHeader(Example[..(Header.Length + 20)]).Header);

    [Fact]
    public void Parse_UnknownFrontMatter_SurvivesWriting()
    {
        const string Extra = "# kept\ntags: # too\n  - a\n  - {b: c}";
        var file = Header.Replace("title:", "# kept\ntags: # too\n  - a\n  - {b: c}\ntitle:");

        Assert.Equal(Extra, Parsed(file).Header.Extra);
        Assert.Equal(Extra, Parsed(ConversationMarkdown.Write(Parsed(file))).Header.Extra);
    }

    [Theory]
    [InlineData("title: old", "title: New")]
    [InlineData("title:   'old'   # why", "title:   New   # why")]
    [InlineData("title: \"old\"\r", "title: New\r")]
    [InlineData("title:", "title: New")]
    [InlineData("title: # why", "title: New # why")]
    [InlineData("title: >-\n  old\n  title\n# after", "title: New\n# after")]
    [InlineData("title: old\n  title", "title: New")]
    public void SetTitle_AnyStyle_ReplacesOnlyTheValue(string before, string after)
    {
        const string Rest = "# first\nopagent: 1\ntags: [a] # x\nid: 019ab3c4-0000-7000-8000-000000000001\n";
        const string End = "\ncreated: 2026-11-22T15:29:05Z\n---\ntitle: body\n";

        Assert.Equal($"---\n{Rest}{after}{End}", ConversationMarkdown.SetTitle($"---\n{Rest}{before}{End}", " New\n"));
    }

    [Fact]
    public void SetTitle_NoTitle_AddsOne() =>
        Assert.Equal(
            Header.Replace("title: Tighten the introduction\n", "").Replace("Z\n---", "Z\ntitle: \"New: one\"\n---"),
            ConversationMarkdown.SetTitle(Header.Replace("title: Tighten the introduction\n", ""), "New: one"));

    [Fact]
    public void SetTitle_BrokenFrontMatter_IsRefused()
    {
        var refused = Assert.Throws<ProblemException>(() => ConversationMarkdown.SetTitle("---\nopagent: 9\n---\n", "New"));

        Assert.Equal(KnownProblems.ConversationBroken, refused.Problem);
    }

    private static Conversation Parsed(string file)
    {
        var result = ConversationMarkdown.Parse(file);
        Assert.True(result.IsValid, $"{result.Error} in\n{file}");
        return result.Conversation;
    }
}
