using Google.Protobuf;
using OpAgent.Core.Conversations;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>A conversation of the fake runtime: its file's text, and a journal in memory.</summary>
internal sealed class FakeConversation(Guid id, string workspace, string path, string agent, string title)
{
    private readonly Lock _gate = new();
    private readonly List<Event> _journal = [];
    private readonly Broadcast<Event> _events = new();
    private Conversation _content = new(new(id, title, agent, DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000 + Interlocked.Increment(ref s_made))));
    private long _updated = 1;

    private static long s_made;

    public string Id { get; } = id.ToString();

    public string Epoch { get; set; } = "epoch1";

    /// <summary>The file's text where it was edited by hand or is broken.</summary>
    public string? Markdown { get; set; }

    public string State { get; set; } = "idle";

    public string Turn { get; set; } = "";

    /// <summary>The number of the running turn's first event.</summary>
    public long TurnSeq { get; set; }

    public string Error { get; set; } = "";

    public bool Copy { get; set; }

    public int Followers => _events.Listeners;

    /// <summary>How often the file was read.</summary>
    public int Reads;

    public string Text => Markdown ?? ConversationMarkdown.Write(_content);

    /// <summary>Writes to the file.</summary>
    public void Edit(Func<Conversation, Conversation> edit)
    {
        _content = edit(_content);
        Touch();
    }

    public void Touch() => Interlocked.Increment(ref _updated);

    public void Say(string by, string text, Guid? turn = null) => Edit(content => content with
    {
        Turns = content.Turns.Add(new Turn(turn ?? Guid.CreateVersion7(), by, content.Header.Created) { Blocks = [new TextBlock(text)], Stop = by.Contains('@') ? "end_turn" : null }),
    });

    /// <summary>Adds an event whose line has these further members.</summary>
    public Event Append(string kind, string members = "\"turn\":\"t\"")
    {
        lock (_gate)
        {
            var seq = _journal.Count + 1;
            var item = new Event { Epoch = Epoch, Seq = seq, Kind = kind, Data = ByteString.CopyFromUtf8($$"""{"seq":{{seq}},"at":"2027-01-15T08:00:00.000Z","kind":"{{kind}}",{{members}}}""") };
            _journal.Add(item);
            _events.Send(item);
            return item;
        }
    }

    public IAsyncEnumerable<Event> FollowAsync(FollowRequest request, CancellationToken cancellationToken) => _events.ListenAsync(() =>
    {
        lock (_gate)
        {
            if (request.Epoch is "" || request.Epoch == Epoch) return [.. _journal.Skip((int)request.AfterSeq)];
            var reset = ByteString.CopyFromUtf8($$"""{"kind":"reset","epoch":"{{Epoch}}","nextSeq":{{_journal.Count + 1}}}""");
            return [new Event { Epoch = Epoch, Seq = _journal.Count, Kind = "reset", Data = reset }];
        }
    }, cancellationToken);

    public ConversationInfo Describe()
    {
        lock (_gate)
        {
            return new()
            {
                Id = Error.Length > 0 ? "" : Id, Workspace = workspace, Path = path, File = $"{workspace}/.opagent/conversations/{Id}{(Copy ? "-copy" : "")}.md", Title = _content.Header.Title,
                Agent = agent, Created = _content.Header.Created.ToUnixTimeMilliseconds(), Updated = _updated, Size = Text.Length, State = State, LastSeq = _journal.Count,
                Epoch = Epoch, Turn = Turn, TurnSeq = TurnSeq, Error = Error, Copy = Copy,
            };
        }
    }
}
