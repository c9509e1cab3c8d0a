using OpAgent.Core.Conversations;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Faults;

internal sealed partial class ToldConversation
{
    /// <summary>
    /// Everything acknowledged is there, once and in order; what any follower was told stays true; the file says the same; nothing is left over.
    /// </summary>
    public async Task CheckAsync()
    {
        await SendAgainAsync();
        var last = await PromptAsync("say still here");
        await SendAgainAsync();
        var info = await UntilAsync(info => IsAtRest(info) && info.Queued == 0);
        await UntilToldAsync(info.LastSeq);
        Assert.Equal("end_turn", EndOf(last).StopReason);
        await CheckAfterRestartAsync();
        CheckTurns();
        CheckFile(await File.ReadAllTextAsync(info.File));
        await _runtime.CallAsync(fixture => fixture.Conversations.StopAsync(new StopConversationRequest { Conversation = Id, By = "bob" }).ResponseAsync);
        CheckNothingIsLeft(info.File);
    }

    /// <summary>What a follower who begins anew is told is what the others were told.</summary>
    public async Task CheckAfterRestartAsync()
    {
        var again = await _runtime.CallAsync(fixture => fixture.FollowUntilAsync(_info, 0, item => item.Seq == Told));
        lock (_told) Assert.Equal(_told.Select(item => item.Data.GetRawText()), again.Select(item => item.Data.GetRawText()));
    }

    private async Task UntilToldAsync(long seq)
    {
        for (var grown = _grown.Task; Told < seq; grown = _grown.Task) await Task.WhenAny(grown, _following).WaitAsync(RuntimeFixture.Limit);
        if (_following.IsFaulted) await _following;
    }

    private TurnEvent EndOf(ToldPrompt prompt)
    {
        lock (_told) return Assert.Single(_told, item => item.Kind == "turn.ended" && item.Turn == prompt.Turn);
    }

    private void CheckTurns()
    {
        string? running = null;
        var (queued, started) = (new List<string>(), new List<string>());
        foreach (var item in _told)
        {
            if (item.Kind == "turn.queued") queued.Add(item.Turn!);
            if (item.Kind == "turn.started")
            {
                Assert.True(item.Seq < _told.Single(other => other.Kind == "turn.ended" && other.Turn == item.Turn).Seq, $"Turn {item.Turn} began after its end.");
                Assert.Null(running);
                started.Add(running = item.Turn!);
            }
            else if (item.Kind == "turn.ended")
            {
                Assert.Single(_told, other => other.Kind == "turn.ended" && other.Turn == item.Turn);
                if (running == item.Turn) running = null;
            }
            else if (item.Kind is "update" or "permission.requested") Assert.Equal(running, item.Turn);
        }

        Assert.Null(running);
        Assert.Equal(started.Distinct(), started);
        Assert.Equal(queued.Where(started.Contains), started.Where(queued.Contains));
        foreach (var prompt in _prompts)
        {
            var end = EndOf(prompt);
            if (prompt.Cancelled && !started.Contains(prompt.Turn!)) Assert.Equal("cancelled", end.StopReason);
            // Never asked twice.
            Assert.InRange(_told.Count(item => item.Said == prompt.Mark), end.StopReason == "end_turn" ? 1 : 0, 1);
        }

        var asked = _told.Where(item => item.Kind == "permission.requested").Select(item => item.Data.GetProperty("permission").GetProperty("id").GetString());
        Assert.All(asked, id => Assert.Contains(_told, item => item.Kind == "permission.resolved" && item.Data.GetProperty("permission").GetString() == id));
    }

    private void CheckFile(string text)
    {
        var parsed = ConversationMarkdown.Parse(text);
        Assert.True(parsed.Conversation is not null, $"The file is broken: {parsed.Error}\n{text}");
        var turns = parsed.Conversation.Turns;
        Assert.Equal(turns.Count, turns.Select(part => (part.Id, part.IsReply)).Distinct().Count());
        foreach (var prompt in _prompts)
        {
            var isInFile = EndOf(prompt).StopReason != "cancelled" || _told.Any(item => item.Kind == "turn.started" && item.Turn == prompt.Turn);
            var count = turns.Count(part => !part.IsReply && TextOf(part) == prompt.Script);
            Assert.True(count == (isInFile ? 1 : 0), $"{prompt.Turn}, refused before: '{prompt.Refused}', ended {EndOf(prompt).Data}, stands {count} times in the file:\n{text}");
            if (!isInFile) continue;
            var at = turns.ToList().FindIndex(part => $"{part.Id}" == prompt.Turn);
            Assert.Equal(prompt.Script, TextOf(turns[at]));
            Assert.True(turns[at + 1].IsReply && turns[at + 1].Id == turns[at].Id, $"'{prompt.Mark}' has no reply behind it.");
            Assert.Equal(EndOf(prompt).StopReason, turns[at + 1].Stop);
            var said = string.Concat(_told.Where(item => item.Turn == prompt.Turn).Select(item => item.Said));
            // Of very much only the beginning stands in the file, which says so.
            var written = Bare(TextOf(turns[at + 1])).Split(Bare("*[The rest was cut off"));
            if (written.Length == 1) Assert.Equal(Bare(said), written[0]);
            else Assert.StartsWith(written[0], Bare(said));
        }

        var order = _told.Where(item => item.Kind == "turn.ended").Select(item => item.Turn!).ToList();
        var inFile = turns.Where(part => part.IsReply).Select(part => $"{part.Id}").ToList();
        Assert.Equal(order.Where(inFile.Contains), inFile);
    }

    private void CheckNothingIsLeft(string file)
    {
        var home = _runtime.Fixture.Home;
        Assert.Equal(["journal.ndjson", "session.json"], Directory.GetFiles(Path.Combine(home, "sessions", Id)).Select(Path.GetFileName).Order());
        Assert.False(File.Exists(Path.Combine(home, "live", Id)));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, $".{Id}.lock")));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!, "*.md"), path => File.ReadAllText(path).Contains(Id, StringComparison.Ordinal));
    }

    private static string TextOf(Turn turn) => string.Concat(turn.Blocks.OfType<TextBlock>().Select(block => block.Text));

    private static string Bare(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
