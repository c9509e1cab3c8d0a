using System.Text;
using CsCheck;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Tests.Sessions;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly JournalOptions _options = new();

    private string File => _directory["journal.ndjson"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Append_ManyEvents_AreReadBackInOrderWithContiguousNumbers()
    {
        using var journal = Open();
        for (var i = 1; i <= 5000; i++) Assert.Equal(i, journal.AppendUpdate(Guid.Empty, Encoding.UTF8.GetBytes($$"""{"n":{{i}}}""")));
        journal.Flush();

        var read = ReadAll(journal, 0);

        Assert.Equal(Enumerable.Range(1, 5000).Select(i => (long)i), read.Select(entry => entry.Seq));
        Assert.Contains("\"update\":{\"n\":5000}}", read[^1].Text);
    }

    [Fact]
    public void Append_UpdateWithCarriageReturn_LineHasNone()
    {
        using var journal = Open();
        journal.AppendUpdate(null, "{\r\"a\":1}"u8);
        journal.Flush();

        Assert.DoesNotContain('\r', ReadAll(journal, 0)[0].Text);
    }

    [Fact]
    public void Reader_BeforeFlush_SeesNothing()
    {
        using var journal = Open();
        journal.AppendUpdate(null, "{}"u8);

        Assert.Empty(ReadAll(journal, 0));
    }

    [Fact]
    public void Reader_FromTheMiddle_BeginsWithTheNextNumber()
    {
        using var journal = Fill(Open(), 3000);

        Assert.Equal(Enumerable.Range(1235, 3000 - 1234).Select(i => (long)i), ReadAll(journal, 1234).Select(entry => entry.Seq));
    }

    [Theory]
    [InlineData("other", 3)]
    [InlineData("", 11)]
    public void Reader_WrongEpochOrFutureNumber_IsReset(string epoch, long after)
    {
        using var journal = Fill(Open(), 10);
        var reader = new JournalReader(journal, epoch, after);

        Assert.True(reader.TakeReset());
        Assert.Equal(11, reader.NextSeq);
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public async Task Reader_WaitingAtTheEnd_WakesWithTheNextEvent()
    {
        using var journal = Fill(Open(), 3);
        var reader = new JournalReader(journal, journal.Epoch, 3);
        Assert.False(reader.TryRead(out _));
        var waiting = reader.WaitAsync(TestContext.Current.CancellationToken);

        Assert.False(waiting.IsCompleted);
        Fill(journal, 1);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.True(reader.TryRead(out var entry));
        Assert.Equal(4, entry.Seq);
    }

    [Fact]
    public void Open_AfterClosing_KeepsEpochAndGoesOnCounting()
    {
        string epoch;
        using (var journal = Fill(Open(), 7)) epoch = journal.Epoch;

        using var again = Open();

        Assert.Equal(epoch, again.Epoch);
        Assert.Equal(8, again.Append(EventKind.Notice, null));
    }

    [Fact]
    public void Open_DamagedHeader_SetsTheFileAsideAndBeginsANewEpoch()
    {
        string epoch;
        using (var journal = Fill(Open(), 3)) epoch = journal.Epoch;
        System.IO.File.WriteAllText(File, "garbage\n" + System.IO.File.ReadAllText(File));

        using var again = Open();

        Assert.NotEqual(epoch, again.Epoch);
        Assert.Equal(0, again.LastSeq);
        Assert.Single(Directory.GetFiles(_directory.Path, "*.damaged-*"));
    }

    [Fact]
    public void Open_DamagedInTheMiddle_KeepsACopyOfTheWhole()
    {
        using (Fill(Open(), 5))
        {
        }

        var lines = System.IO.File.ReadAllLines(File);
        lines[3] = "{broken";
        System.IO.File.WriteAllLines(File, lines);
        using var journal = Open();

        Assert.Equal(2, journal.LastSeq);
        Assert.Single(Directory.GetFiles(_directory.Path, "*.damaged-*"));
    }

    [Fact]
    public void Append_BeyondTheLimit_DropsTheOldestAndTellsReadersWhoFellBehind()
    {
        using var journal = Journal.Open(Disk.Real, File, new JournalOptions { MaxBytes = 400_000 }, TimeProvider.System);
        Fill(journal, 10);
        var slow = new JournalReader(journal, journal.Epoch, 0);
        Assert.True(slow.TryRead(out _));
        var update = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 1000)}}"}""");
        for (var i = 0; i < 2000; i++)
        {
            journal.AppendUpdate(null, update);
            journal.Flush();
        }

        Assert.InRange(new FileInfo(File).Length, 1, 400_000 + 2000);
        while (slow.TryRead(out _))
        {
        }

        Assert.True(slow.TakeReset());
        Assert.Equal(2011, slow.NextSeq);
        var kept = ReadAll(journal, journal.FirstSeq - 1);
        Assert.Equal(journal.FirstSeq, kept[0].Seq);
        Assert.Equal(2010, kept[^1].Seq);
        Assert.True(new JournalReader(journal, journal.Epoch, 5).TakeReset());
    }

    [Fact]
    public void AppendUpdate_WhileTheDiskIsFull_RefusesBeyondTheLimitAndLosesNothing()
    {
        using var journal = Journal.Open(Disk.Real, File, new JournalOptions { WriteBufferBytes = 10_000, MaxPendingBytes = 100_000 }, TimeProvider.System);
        Fill(journal, 3);
        var update = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 1000)}}"}""");
        var acknowledged = 3;
        using (FullDisk.Under(File))
        {
            Assert.ThrowsAny<IOException>(() =>
            {
                for (; acknowledged < 1000; acknowledged++) journal.AppendUpdate(null, update);
            });

            Assert.InRange(acknowledged, 90, 110);
            Assert.ThrowsAny<IOException>(journal.RequireRoom);
            // What has begun can end.
            Assert.Equal(++acknowledged, journal.Append(EventKind.TurnEnded, Guid.Empty));
            Assert.True(journal.HasPending);
        }

        journal.RequireRoom();
        Fill(journal, 1);

        Assert.Equal(Enumerable.Range(1, acknowledged + 1).Select(i => (long)i), ReadAll(journal, 0).Select(entry => entry.Seq));
    }

    [Fact]
    public void Append_BeyondTheLimit_KeepsThePromptsOfTurnsThatHaveNotEnded()
    {
        var options = new JournalOptions { MaxBytes = 400_000 };
        var prompts = Enumerable.Range(0, 4).Select(i => new Prompt(Guid.NewGuid(), $"c{i}", "alice", $"prompt {i}", [])).ToArray();
        using (var journal = Journal.Open(Disk.Real, File, options, TimeProvider.System))
        {
            journal.Append(EventKind.TurnStarted, prompts[0].Turn, prompts[0].WriteTo);
            journal.Append(EventKind.TurnEnded, prompts[0].Turn);
            journal.Append(EventKind.TurnStarted, prompts[1].Turn, prompts[1].WriteTo);
            foreach (var queued in prompts[2..]) journal.Append(EventKind.TurnQueued, queued.Turn, queued.WriteTo);
            journal.Append(EventKind.TurnEnded, prompts[3].Turn);
            FillBytes(journal, 1_000_000);
            Assert.InRange(journal.FirstSeq, 7, long.MaxValue);
        }

        var history = new JournalHistory();
        using var again = Journal.Open(Disk.Real, File, options, TimeProvider.System, history.Add);
        FillBytes(again, 1_000_000);

        Assert.Equal(prompts[1].Turn, history.Unfinished?.Prompt.Turn);
        Assert.Equal([prompts[2].Turn], history.Waiting.Select(prompt => prompt.Turn));
        Assert.Equal(again.LastSeq - again.FirstSeq + 1, ReadAll(again, again.FirstSeq - 1).Count);
        again.Dispose();
        history = new JournalHistory();
        using var third = Journal.Open(Disk.Real, File, options, TimeProvider.System, history.Add);
        Assert.Equal((prompts[1].Turn, 1), (history.Unfinished?.Prompt.Turn, history.Waiting.Count));
    }

    [Fact]
    public void Open_JournalThatIsLong_KnowsWhereItsEventsBegin()
    {
        using (var journal = Open()) FillBytes(journal, 1_000_000);

        using var again = Journal.Open(Disk.Real, File, new JournalOptions { MaxBytes = 400_000 }, TimeProvider.System);
        Fill(again, 1);

        Assert.InRange(new FileInfo(File).Length, 1, 300_000);
        Assert.Equal(again.LastSeq - again.FirstSeq + 1, ReadAll(again, again.FirstSeq - 1).Count);
    }

    [Fact]
    public void Append_FrontCannotBeDropped_KeepsEverythingUntilItCan()
    {
        using var journal = Journal.Open(Disk.Real, File, new JournalOptions { MaxBytes = 400_000 }, TimeProvider.System);
        Directory.CreateDirectory(File + ".tmp");
        FillBytes(journal, 1_000_000);

        Assert.Equal(journal.LastSeq, ReadAll(journal, 0).Count);
        Directory.Delete(File + ".tmp");
        FillBytes(journal, 100_000);
        Assert.InRange(new FileInfo(File).Length, 1, 400_000);
        Assert.Equal(journal.LastSeq - journal.FirstSeq + 1, ReadAll(journal, journal.FirstSeq - 1).Count);
    }

    [Fact]
    public async Task Reader_WhileTheFrontIsDropped_MissesNothingItIsNotToldOf()
    {
        using var journal = Journal.Open(Disk.Real, File, new JournalOptions { MaxBytes = 30_000 }, TimeProvider.System);
        Fill(journal, 1);
        var writing = Task.Run(() => FillBytes(journal, 20_000_000), TestContext.Current.CancellationToken);
        while (!writing.IsCompleted)
        {
            var reader = new JournalReader(journal, journal.Epoch, journal.FirstSeq);
            reader.TakeReset();
            for (var next = reader.NextSeq; reader.TryRead(out var entry); next++) Assert.Equal(next, entry.Seq);
        }

        await writing;
    }

    [Fact]
    public void Reader_AnyTextAndAnyPlaceToBegin_GetsWhatWasAppended() =>
        Gen.Select(Gen.String.Array[0, 60], Gen.Int[0, 60]).Sample((texts, after) =>
        {
            using var journal = Journal.Open(Disk.Real, _directory[Guid.NewGuid().ToString()], _options, TimeProvider.System);
            foreach (var text in texts)
            {
                journal.Append(EventKind.Notice, null, writer => writer.WriteString("text", text));
                if (text.Length % 3 == 0) journal.Flush();
            }

            journal.Flush();
            var begin = Math.Min(after, texts.Length);
            var read = ReadAll(journal, begin).Select(entry => System.Text.Json.JsonDocument.Parse(entry.Text).RootElement.GetProperty("text").GetString()).ToArray();
            Assert.Equal(texts[begin..].Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))), read);
        }, iter: 200);

    private Journal Open() => Journal.Open(Disk.Real, File, _options, TimeProvider.System);

    private static Journal Fill(Journal journal, int count)
    {
        for (var i = 0; i < count; i++) journal.Append(EventKind.Notice, Guid.Empty, writer => writer.WriteString("text", "some text – größer"));
        journal.Flush();
        return journal;
    }

    private static void FillBytes(Journal journal, int bytes)
    {
        var update = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', 1000)}}"}""");
        for (var written = 0; written < bytes; written += update.Length)
        {
            journal.AppendUpdate(null, update);
            journal.Flush();
        }
    }

    private static List<(long Seq, string Text)> ReadAll(Journal journal, long after)
    {
        var reader = new JournalReader(journal, journal.Epoch, after);
        var read = new List<(long, string)>();
        while (reader.TryRead(out var entry)) read.Add((entry.Seq, Encoding.UTF8.GetString(entry.Data.Span)));
        return read;
    }
}
