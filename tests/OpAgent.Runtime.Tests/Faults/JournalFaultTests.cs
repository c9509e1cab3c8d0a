using System.Text;
using OpAgent.FaultyRuntime;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>Every operation of a journal's disk fails once, also those of dropping its front; then it is read again, as after a crash.</summary>
public sealed class JournalFaultTests : IDisposable
{
    private const int Events = 250, MaxBytes = 12_000;
    private static readonly FaultKind[] Errors = [FaultKind.BadDisk, FaultKind.FullDisk, FaultKind.ShortWrite];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(DiskOperation.Create)]
    [InlineData(DiskOperation.Write)]
    [InlineData(DiskOperation.Truncate)]
    [InlineData(DiskOperation.Sync)]
    [InlineData(DiskOperation.Rename)]
    public async Task Journal_OperationFailsOnce_KeepsWhatWasSyncedInOrder(DiskOperation operation)
    {
        var random = Seed.Next();
        for (var number = 1; ; number++)
        {
            var disk = new FaultyDisk();
            var path = _directory[$"{number}.ndjson"];
            disk.Arm(new Fault(operation, number, Errors[random.Next(Errors.Length)]));
            Journal journal;
            try
            {
                journal = Journal.Open(disk, path, new JournalOptions { MaxBytes = MaxBytes }, TimeProvider.System);
            }
            catch (IOException)
            {
                journal = Journal.Open(disk, path, new JournalOptions { MaxBytes = MaxBytes }, TimeProvider.System);
            }

            var (appended, synced) = (new List<string>(), 0L);
            using (journal)
            {
                for (var i = 0; i < Events; i++)
                {
                    var text = $"{i}-größer-{new string('x', random.Next(200))}";
                    appended.Add(text);
                    Assert.Equal(appended.Count, journal.Append(EventKind.Notice, null, writer => writer.WriteString("text", text)));
                    try
                    {
                        if (random.Next(3) == 0)
                        {
                            await journal.SyncAsync();
                            synced = appended.Count;
                        }
                        else journal.Flush();
                    }
                    catch (IOException)
                    {
                        // It stays pending.
                    }
                }
            }

            var count = int.Parse(disk.Arm(null).Split(' ')[(int)operation]);
            using var again = Journal.Open(disk, path, new JournalOptions(), TimeProvider.System);
            Assert.InRange(again.LastSeq, synced, Events);
            Assert.True(again.FirstSeq <= synced + 1);
            var reader = new JournalReader(again, journal.Epoch, again.FirstSeq - 1);
            for (var seq = again.FirstSeq; seq <= again.LastSeq; seq++)
            {
                Assert.True(reader.TryRead(out var entry));
                Assert.Contains($"\"{appended[(int)seq - 1]}\"", Encoding.UTF8.GetString(entry.Data.Span));
            }

            Assert.Equal([$"{number}.ndjson"], Directory.GetFiles(_directory.Path, $"{number}.*").Select(Path.GetFileName));
            if (count < number) return;
        }
    }

    [Fact]
    public async Task SyncAsync_AfterOneThatFailed_WritesAgainWhatTheSystemMayHaveThrownAway()
    {
        var disk = new FaultyDisk();
        using var journal = Journal.Open(disk, _directory["journal.ndjson"], new JournalOptions(), TimeProvider.System);
        journal.Append(EventKind.Notice, null);
        await journal.SyncAsync();
        journal.Append(EventKind.Notice, null);
        disk.Arm(new Fault(DiskOperation.Sync, 1, FaultKind.BadDisk));
        await Assert.ThrowsAnyAsync<IOException>(journal.SyncAsync);
        disk.Arm(null);

        await journal.SyncAsync();

        // Linux marks what it could not write as written; only writing it again makes the next sync mean something.
        Assert.Equal("1", disk.Arm(null).Split(' ')[(int)DiskOperation.Write]);
        var reader = new JournalReader(journal, "", 0);
        for (var seq = 1; seq <= 2; seq++) Assert.True(reader.TryRead(out var entry) && entry.Seq == seq);
    }
}
