using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>A conversation together with everything that its clients were told of it: what was acknowledged, and every event that a follower got.</summary>
internal sealed partial class ToldConversation : IAsyncDisposable
{
    private const int Tries = 50;

    private readonly MortalRuntime _runtime;
    private readonly List<TurnEvent> _told = [];
    private readonly List<ToldPrompt> _prompts = [];
    private readonly CancellationTokenSource _end = new();
    private ConversationInfo _info = new();
    private Task _following = Task.CompletedTask;
    private TaskCompletionSource _grown = NewSignal();

    private ToldConversation(MortalRuntime runtime) => _runtime = runtime;

    public string Id { get; } = $"{Guid.CreateVersion7()}";

    /// <summary>Is called with each event that a follower is told.</summary>
    public Action<TurnEvent>? OnTold { get; set; }

    /// <summary>How many events a follower was told.</summary>
    public int Told
    {
        get
        {
            lock (_told) return _told.Count;
        }
    }

    public IReadOnlyList<ToldPrompt> Prompts => _prompts;

    /// <summary>Creates it, repeated as often as it is refused, and follows it from then on.</summary>
    public static async Task<ToldConversation> CreateAsync(MortalRuntime runtime)
    {
        var told = new ToldConversation(runtime);
        // Without a title, so that the first prompt replaces the file.
        told._info = await told.UntilTakenAsync(fixture => fixture.Conversations.CreateAsync(new CreateConversationRequest { Id = told.Id, Workspace = fixture.Workspace }).ResponseAsync);
        told._following = told.FollowAsync();
        return told;
    }

    /// <summary>Sends a prompt once. The agent says a mark of its own at its end.</summary>
    public async Task<ToldPrompt> PromptAsync(string script, bool queue = false)
    {
        var mark = $"mark-{_prompts.Count}-{Id}";
        var prompt = new ToldPrompt($"{Guid.NewGuid()}", $"{script}\nsay {mark}", mark, queue);
        _prompts.Add(prompt);
        await SendAsync(prompt);
        return prompt;
    }

    /// <summary>Cancels a prompt that waits.</summary>
    public async Task CancelAsync(ToldPrompt prompt)
    {
        if (prompt.Turn is null) return;
        try
        {
            prompt.Cancelled = (await _runtime.CallAsync(fixture => fixture.Conversations.CancelAsync(new CancelTurnRequest { Conversation = Id, Turn = prompt.Turn, By = "bob" }).ResponseAsync)).Cancelled;
        }
        catch (RpcException)
        {
            // Refused, or the turn is over.
        }
    }

    /// <summary>Allows what the agent asks for, once it asks.</summary>
    public async Task AllowAsync()
    {
        await UntilAsync(info => info.State == "waiting" || IsAtRest(info));
        var open = await _runtime.CallAsync(fixture => fixture.Conversations.ListPermissionsAsync(new ListPermissionsRequest { PendingOnly = true }).ResponseAsync);
        foreach (var permission in open.Items.Where(item => item.Conversation == Id))
        {
            try
            {
                await _runtime.CallAsync(fixture => fixture.Conversations.AnswerPermissionAsync(new AnswerPermissionRequest { Id = permission.Id, Kind = "allow_once", By = "bob" }).ResponseAsync);
            }
            catch (RpcException)
            {
                // The question ended, or the disk did not take the answer and the agent was told that there is none.
            }
        }
    }

    /// <summary>Waits until nothing runs.</summary>
    public Task<ConversationInfo> RestAsync() => UntilAsync(IsAtRest);

    /// <summary>Sends again what was refused, with the same command, until it is taken.</summary>
    public async Task SendAgainAsync()
    {
        foreach (var prompt in _prompts)
        {
            for (var i = 0; prompt.Turn is null; i++)
            {
                Assert.True(i < Tries, $"'{prompt.Mark}' is refused again and again: {prompt.Refused}");
                await RestAsync();
                await SendAsync(prompt);
                await AllowAsync();
            }
        }

        await RestAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following;
        _end.Dispose();
    }

    private static bool IsAtRest(ConversationInfo info) => info.State == "failed" || (info.State is "idle" or "stopped" && info.Queued == 0);

    private async Task SendAsync(ToldPrompt prompt)
    {
        try
        {
            var request = new StartTurnRequest { Command = prompt.Command, Conversation = Id, Text = prompt.Script, By = "alice", Queue = prompt.Queue };
            prompt.Turn = (await _runtime.CallAsync(fixture => fixture.Conversations.StartTurnAsync(request).ResponseAsync)).Turn;
        }
        catch (RpcException refused)
        {
            prompt.Refused = refused.Status.Detail;
        }
    }

    private async Task<T> UntilTakenAsync<T>(Func<RuntimeFixture, Task<T>> call)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await _runtime.CallAsync(call);
            }
            catch (RpcException refused) when (refused.Trailers.GetValue("problem") == "storage-failed" && i < Tries)
            {
                // The fault is over at some time.
            }
        }
    }

    private async Task<ConversationInfo> UntilAsync(Func<ConversationInfo, bool> holds)
    {
        var end = DateTime.UtcNow + RuntimeFixture.Limit;
        while (true)
        {
            var changed = _runtime.Changed;
            var info = (await _runtime.CallAsync(fixture => fixture.Conversations.GetAsync(new GetConversationRequest { Id = Id }).ResponseAsync)).Info;
            if (holds(info)) return info;
            if (_following.IsFaulted) await _following;
            try
            {
                await changed.WaitAsync(end - DateTime.UtcNow is { Ticks: > 0 } left ? left : TimeSpan.Zero);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"It stays {info.State} ({info.Reason}) with {info.Queued} waiting, turn '{info.Turn}'.");
            }
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            await _runtime.RepeatAsync(async fixture =>
            {
                using var call = fixture.Conversations.Follow(new FollowRequest { Conversation = Id, AfterSeq = Told, Epoch = _info.Epoch }, cancellationToken: _end.Token);
                await foreach (var item in call.ResponseStream.ReadAllAsync(_end.Token)) Tell(item);
                return true;
            }, _end.Token);
        }
        catch (Exception) when (_end.IsCancellationRequested)
        {
            // Nobody wants to know any more.
        }
    }

    private void Tell(Event item)
    {
        var told = new TurnEvent(item.Epoch, item.Seq, item.Kind, System.Text.Json.JsonElement.Parse(item.Data.Span));
        lock (_told)
        {
            Assert.True(item.Kind != "reset" && item.Seq == _told.Count + 1, $"After event {_told.Count} came {item.Seq} {item.Kind}: {item.Data.ToStringUtf8()}");
            _told.Add(told);
        }

        OnTold?.Invoke(told);
        Interlocked.Exchange(ref _grown, NewSignal()).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
