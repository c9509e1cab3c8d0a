using CsCheck;
using OpAgent.Core.Conversations;

namespace OpAgent.Core.Tests.Conversations;

public class ConversationMarkdownProperties
{
    [Fact]
    public void Parse_WhatWasWritten_IsTheNormalizedConversation() => ConversationGen.Conversation.Sample(conversation =>
    {
        var file = ConversationMarkdown.Write(conversation);

        Assert.Equal(conversation.Normalized(), Parsed(file));
    }, iter: 5_000);

    [Fact]
    public void Normalized_Twice_ChangesNothing() => ConversationGen.Conversation.Sample(
        conversation => Assert.Equal(conversation.Normalized(), conversation.Normalized().Normalized()));

    [Fact]
    public void WriteTurn_AnyTurn_HasMarkersThatEndOnlyAtTheirEnd() => ConversationGen.Turn.Sample(turn =>
    {
        var markers = ConversationMarkdown.WriteTurn(turn).Split('\n').Where(line => MarkerLine.IsMarker(line)).ToList();

        Assert.Equal(1 + turn.Normalized().Blocks.Count(block => block is not TextBlock), markers.Count);
        Assert.All(markers, marker => Assert.False(marker["<!--".Length..^"-->".Length].AsSpan().ContainsAny('<', '>'), marker));
    });

    [Fact]
    public void Write_WithAnotherTurn_IsTheFileAndTheTurnAppended() => Gen.Select(ConversationGen.Conversation, ConversationGen.Turn).Sample((conversation, turn) =>
        Assert.Equal(
            ConversationMarkdown.Write(conversation with { Turns = conversation.Turns.Add(turn) }),
            ConversationMarkdown.Append(ConversationMarkdown.Write(conversation), turn)));

    [Fact]
    public void Append_ToAnyTextThatParses_AddsTheTurn() => Gen.Select(AnyFile, ConversationGen.Turn).Sample((file, turn) =>
    {
        if (ConversationMarkdown.Parse(file) is not { Conversation: { } before }) return;

        var after = Parsed(ConversationMarkdown.Append(file, turn));

        Assert.Equal(before with { Turns = before.Turns.Add(turn.Normalized()) }, after);
    }, iter: 5_000);

    [Fact]
    public void Parse_AnyText_IsNormalizedAndRoundTrips() => AnyFile.Sample(file =>
    {
        if (ConversationMarkdown.Parse(file) is not { Conversation: { } conversation }) return;

        Assert.Equal(conversation.Normalized(), conversation);
        Assert.Equal(conversation, Parsed(ConversationMarkdown.Write(conversation)));
    }, iter: 5_000);

    [Fact]
    public void Parse_FileCutAnywhere_FailsWithALineOrYieldsTheTurnsBefore() => Gen.Select(ConversationGen.Conversation, ConversationGen.Turn).Sample((conversation, turn) =>
    {
        var file = ConversationMarkdown.Write(conversation);
        var whole = conversation.Normalized();
        for (var length = 0; length < file.Length; length++)
        {
            var cut = file[..length];
            var result = ConversationMarkdown.Parse(cut);
            if (result.Conversation is not { } partial)
            {
                Assert.InRange(result.Error!.Line, 1, cut.Count(c => c == '\n') + 1);
                continue;
            }

            // Cut off within a line of unknown front matter, what is left may happen to be the closing ---.
            Assert.Equal(whole.Header with { Extra = "" }, partial.Header with { Extra = "" });
            Assert.True(partial.Turns.Count <= whole.Turns.Count);
            for (var i = 0; i < partial.Turns.Count; i++) AssertPrefix(whole.Turns[i], partial.Turns[i], isLast: i == partial.Turns.Count - 1);
            Assert.Equal(partial.Turns.Add(turn.Normalized()), Parsed(ConversationMarkdown.Append(cut, turn)).Turns);
        }
    }, iter: 100);

    [Fact]
    public void SetTitle_AnyFile_ChangesTheTitleAndNothingElse() => Gen.Select(ConversationGen.Conversation, ConversationGen.Text).Sample((conversation, title) =>
    {
        var file = ConversationMarkdown.Write(conversation);

        var changed = ConversationMarkdown.SetTitle(file, title);

        var header = conversation.Header with { Title = title };
        Assert.Equal(ConversationMarkdown.Write(conversation with { Header = header }), changed);
    });

    private static Gen<string> AnyFile => Gen.OneOf(
        Gen.Select(ConversationGen.Header, ConversationGen.Text).Select((header, text) => ConversationMarkdown.Write(new Conversation(header)) + text),
        Gen.Select(ConversationGen.Conversation, ConversationGen.Text, Gen.Double.Unit).Select((conversation, text, at) =>
        {
            var file = ConversationMarkdown.Write(conversation);
            return file.Insert((int)(at * file.Length), text);
        }),
        Gen.Select(ConversationGen.Conversation, Gen.Double.Unit).Select((conversation, at) => ConversationMarkdown.Write(conversation).Replace("\n", "\r\n")[..^(int)(at * 20)]));

    private static Conversation Parsed(string file)
    {
        var result = ConversationMarkdown.Parse(file);
        Assert.True(result.IsValid, $"{result.Error} in\n{file}");
        return result.Conversation;
    }

    private static void AssertPrefix(Turn whole, Turn partial, bool isLast)
    {
        if (!isLast)
        {
            Assert.Equal(whole, partial);
            return;
        }

        Assert.Equal(whole with { Blocks = [] }, partial with { Blocks = [] });
        for (var i = 0; i < partial.Blocks.Count - 2; i++) Assert.Equal(whole.Blocks[i], partial.Blocks[i]);
    }
}
