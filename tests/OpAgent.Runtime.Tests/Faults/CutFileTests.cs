using System.Text;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>Files as a crash or a power loss leaves them: cut at any byte, also inside a character, and with zeros behind the cut.</summary>
public sealed class CutFileTests : IDisposable
{
    private const string Name = "conversation.md";
    private static readonly DateTimeOffset Began = DateTimeOffset.UnixEpoch.AddYears(50);

    private readonly TemporaryDirectory _directory = new();
    private readonly WorkspaceRoot _root;
    private readonly PendingAppend _appends;
    private readonly string _before;
    private readonly string _after;
    private readonly byte[] _writtenDown;

    public CutFileTests()
    {
        _root = WorkspaceRoot.Open(_directory.Path);
        _appends = new PendingAppend(Disk.Real, _directory.Path);
        var turn = new Turn(Guid.CreateVersion7(Began), "alice", Began) { Blocks = [new TextBlock("Größer? – 猫 🐈")] };
        _before = ConversationMarkdown.Write(new Conversation(new ConversationHeader(Guid.CreateVersion7(Began), "Ärger", "writer@1.0.0", Began)) { Turns = [turn] });
        var reply = turn with { By = "writer@1.0.0", Stop = "end_turn", Blocks = [new TextBlock("Schon größer: 猫 🐈.")] };
        var addition = ConversationMarkdown.Continuation(_before, reply);
        _after = _before + addition;
        _writtenDown = Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(_before)} {Encoding.UTF8.GetByteCount(addition)}\n{addition}");
    }

    private string File => _directory[Name];

    private string WrittenDown => _directory["append.md"];

    public void Dispose()
    {
        _root.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    public void Journal_CutAtEveryByte_KeepsTheWholeLinesBeforeTheCutAndAppendsIntact(int zeros)
    {
        var path = _directory["journal.ndjson"];
        using (var journal = Open(path))
        {
            for (var i = 0; i < 4; i++) journal.Append(EventKind.Notice, Guid.Empty, writer => writer.WriteString("text", "some text – größer 🐈"));
            journal.Flush();
        }

        var whole = System.IO.File.ReadAllBytes(path);
        for (var length = 0; length <= whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(path, [.. whole[..length], .. new byte[zeros]]);
            var lines = whole.AsSpan(0, length).Count((byte)'\n');

            using (var journal = Open(path))
            {
                Assert.Equal(Math.Max(0, lines - 1), journal.LastSeq);
                journal.Append(EventKind.Notice, null);
                journal.Flush();
            }

            using var again = Open(path);
            Assert.Equal(Math.Max(1, lines), again.LastSeq);
            var reader = new JournalReader(again, again.Epoch, 0);
            for (var seq = 1; seq <= again.LastSeq; seq++) Assert.True(reader.TryRead(out var entry) && entry.Seq == seq);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    public void ConversationFile_CutWhileItWasAppendedTo_IsCompletedOnce(int zeros)
    {
        var (before, after) = (Encoding.UTF8.GetBytes(_before), Encoding.UTF8.GetBytes(_after));
        for (var length = before.Length; length <= after.Length; length++)
        {
            System.IO.File.WriteAllBytes(WrittenDown, _writtenDown);
            // A file is never longer than it was to become.
            System.IO.File.WriteAllBytes(File, [.. after[..length], .. new byte[Math.Min(zeros, after.Length - length)]]);

            _appends.Complete(_root, Name);
            _appends.Complete(_root, Name);

            Assert.Equal(_after, System.IO.File.ReadAllText(File));
            Assert.False(System.IO.File.Exists(WrittenDown));
        }
    }

    [Fact]
    public void ConversationFile_CutWhileTheAppendWasWrittenDown_IsLeftAsItIs()
    {
        for (var length = 0; length < _writtenDown.Length; length++)
        {
            System.IO.File.WriteAllBytes(WrittenDown, _writtenDown[..length]);
            System.IO.File.WriteAllText(File, _before);

            _appends.Complete(_root, Name);

            Assert.Equal(_before, System.IO.File.ReadAllText(File));
        }
    }

    [Fact]
    public void ConversationFile_CutAtEveryByte_IsReadOrRefusedWithTheReason()
    {
        var whole = Encoding.UTF8.GetBytes(_after);
        for (var length = 0; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            try
            {
                Assert.InRange(ConversationFile.Parse(Name, ConversationFile.Read(_root, Name)).Turns.Count, 0, 2);
            }
            catch (ProblemException refused)
            {
                Assert.Equal(KnownProblems.ConversationBroken, refused.Problem);
            }
        }
    }

    private static Journal Open(string path) => Journal.Open(Disk.Real, path, new JournalOptions(), TimeProvider.System);
}
