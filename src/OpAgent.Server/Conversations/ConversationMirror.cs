using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpAgent.Core.Conversations;
using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Server.Edge;

namespace OpAgent.Server.Conversations;

/// <summary>The host's copy of one conversation, kept current by following it. Shared by all pages that show it, and gone with the last of them.</summary>
internal sealed class ConversationMirror
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _id;
    private readonly ConversationAccess _access;
    private readonly EventFollower _follower;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChangeSignal _signal;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<MirroredTurn> _turns = [];
    private readonly List<QueuedTurn> _queue = [];
    private IReadOnlyList<AgentCommand> _commands = [];
    private ContextUsage? _usage;
    private ConversationView? _meta;
    private string _directory = "";
    private TurnMirror? _running;
    private MirroredConversation? _picture;

    public ConversationMirror(string id, ConversationAccess access, EventFollower follower, TimeProvider time, ILogger<ConversationMirror> logger)
    {
        (_id, _access, _follower, _time, _logger) = (id, access, follower, time, logger);
        _signal = new(Interval, time);
        _ = RunAsync(_ended.Token);
    }

    /// <summary>Raised soon after something changed, at most once in 60 ms, on the thread pool.</summary>
    public event Action Changed
    {
        add => _signal.Changed += value;
        remove => _signal.Changed -= value;
    }

    /// <summary>How many pages show it; the owner's to count.</summary>
    public int Viewers { get; set; }

    /// <summary>Waits until the conversation was read once.</summary>
    /// <exception cref="ProblemException">There is no such conversation, or it cannot be read.</exception>
    public Task LoadedAsync(CancellationToken cancellationToken) => _loaded.Task.WaitAsync(cancellationToken);

    /// <summary>The conversation as it stands now. Only after <see cref="LoadedAsync"/>.</summary>
    public MirroredConversation Look()
    {
        lock (_gate) return _picture ??= Picture();
    }

    public void End() => _ended.Cancel();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ReadAndFollowAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The first reading has somebody who waits for it and can be told; later the page keeps what it shows until the machine is back.
                if (_loaded.TrySetException(exception as ProblemException ?? ProblemMapping.ToProblem(exception))) return;
                _logger.MirrorInterrupted(_id, exception.Message);
            }

            try
            {
                await Task.Delay(Pause, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReadAndFollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var content = await _access.ReadAsync(_id, cancellationToken).ConfigureAwait(false);
            var after = Load(content);
            _loaded.TrySetResult();
            _signal.Raise();
            var wasReset = false;
            await foreach (var item in await _follower.OpenAsync(_id, after, cancellationToken).ConfigureAwait(false))
            {
                wasReset = item.Kind == "reset";
                if (wasReset) break;
                Take(item);
                _signal.Raise();
            }

            if (!wasReset) return;
        }
    }

    private MirroredConversation Picture()
    {
        if (_running is { } running && _turns is [.., var last])
        {
            _turns[^1] = last with { Reply = running.Reply(_meta!.Agent ?? "") };
            _usage = running.Usage ?? _usage;
        }

        return new(_meta!, [.. _turns], [.. _queue], _commands, _usage);
    }

    // One event that a newer runtime tells in another way costs that event and not the conversation.
    private void Take(Event item)
    {
        try
        {
            lock (_gate) Apply(item);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            _logger.EventLeftOut(_id, item.Seq, exception);
        }
    }

    private EventPosition Load(ConversationContent content)
    {
        lock (_gate)
        {
            _picture = null;
            _meta = content.Meta;
            _directory = DirectoryOf(content.Meta.File);
            _turns.Clear();
            foreach (var part in content.Turns) Add(part);
            _queue.Clear();
            _queue.AddRange(content.Queue);
            _running = null;
            if (content.Meta.TurnSeq is not { } seq) return new(content.Meta.Epoch ?? "", content.Meta.LastSeq);
            // Its events tell of the running turn from the beginning.
            var running = Guid.Parse(content.Meta.Turn!);
            if (_turns is [.., var last] && last.Id == running) _turns[^1] = last with { Reply = null };
            return new(content.Meta.Epoch!, seq - 1);
        }
    }

    private void Add(Turn part)
    {
        if (part.IsReply && _turns is [.., { Reply: null } last] && last.Id == part.Id) _turns[^1] = last with { Reply = part };
        else _turns.Add(part.IsReply ? new(part.Id, null, part, false) : new(part.Id, part, null, false));
    }

    private void Apply(Event item)
    {
        _picture = null;
        using var document = JsonDocument.Parse(item.Data.Memory);
        var line = document.RootElement;
        var at = line.GetProperty("at").GetDateTimeOffset();
        Guid? turn = line.TryGetProperty("turn", out var named) && named.ValueKind == JsonValueKind.String ? named.GetGuid() : null;
        switch (item.Kind)
        {
            case "turn.queued":
                var queued = TurnMirror.Prompt(line);
                if (_queue.TrueForAll(prompt => prompt.Turn != queued.Id.ToString()))
                    _queue.Add(new(queued.Id.ToString(), queued.By, line.GetProperty("text").GetString()!, queued.Attachments));
                break;
            case "turn.started":
                Start(TurnMirror.Prompt(line), at);
                break;
            case "turn.ended":
                End(turn!.Value, line, at);
                break;
            case "update" when AgentCommands.TryRead(line.GetProperty("update"), out var commands):
                _commands = commands;
                break;
            default:
                if (_running is { } running && running.Id == turn) Tell(running, item.Kind, line, at);
                break;
        }
    }

    private static void Tell(TurnMirror running, string kind, JsonElement line, DateTimeOffset at)
    {
        switch (kind)
        {
            case "update":
                running.Update(line.GetProperty("update"), at);
                break;
            case "permission.requested":
                running.Requested(line.GetProperty("permission"));
                break;
            case "permission.resolved":
                running.Resolved(line);
                break;
            case "agent.started":
                running.AgentStarted(line);
                break;
            case "notice":
                running.Notice(line);
                break;
        }
    }

    private void Start(Turn prompt, DateTimeOffset at)
    {
        _queue.RemoveAll(waiting => waiting.Turn == prompt.Id.ToString());
        if (_turns is not [.., var last] || last.Id != prompt.Id) _turns.Add(new(prompt.Id, prompt, null, true));
        else _turns[^1] = last with { Running = true };
        _running = new(prompt.Id, _directory);
        _running.Begin(at);
    }

    private void End(Guid turn, JsonElement line, DateTimeOffset at)
    {
        _queue.RemoveAll(waiting => waiting.Turn == turn.ToString());
        if (_running is not { } running || running.Id != turn || _turns is not [.., var last]) return;
        _turns[^1] = last with { Reply = running.End(line, at, _meta!.Agent ?? ""), Running = false };
        _usage = running.Usage ?? _usage;
        _running = null;
    }

    private static string DirectoryOf(string file)
    {
        var end = file.LastIndexOf("/.opagent/conversations/", StringComparison.Ordinal);
        return end > 0 ? file[..end] : "/";
    }
}
