using System.Buffers;

namespace OpAgent.Acp.Wire;

/// <content>Standing still, so that another program can go on with the streams, and going on where another one stood.</content>
internal sealed partial class PeerConnection
{
    private Pause? _pause;
    private readonly List<(IncomingRequest Request, RequestPermissionRequest Open)> _restored = [];
    private Task<PromptResponse>? _restoredPrompt;

    /// <summary>The answer to the prompt that was open when the connection was handed over; null where none was.</summary>
    public Task<PromptResponse>? RestoredPrompt => _restoredPrompt;

    /// <summary>Stops between two messages. Nothing is read from here on; senders do not wait for room.</summary>
    public async Task PauseAsync()
    {
        var pause = new Pause();
        Volatile.Write(ref _pause, pause);
        _lines.Interrupt();
        _writer.Hold();
        // One that has ended stands still for ever.
        await Task.WhenAny(pause.Reached.Task, Completion);
    }

    /// <summary>Goes on after a pause.</summary>
    public void Resume()
    {
        _writer.Release();
        if (Interlocked.Exchange(ref _pause, null) is { } pause) pause.Over.TrySetResult();
    }

    /// <summary>Where a paused connection stands; null while something is just being sent or answered, other than a prompt and the open requests.</summary>
    /// <param name="written">How many bytes the output has taken since the connection began.</param>
    /// <param name="open">The requests of the peer that wait for this side's answer.</param>
    public AcpConnectionState? Capture(long written, IReadOnlyList<RequestPermissionRequest> open)
    {
        if (!open.Select(request => request.RequestId!).ToHashSet().SetEquals(_incoming.Keys) || _unanswered != open.Count) return null;
        var pending = _pending.ToArray();
        if (pending.Length > 1 || pending.Any(request => request.Value is not { Method: "session/prompt", IsSent: true })) return null;
        return new AcpConnectionState(
            Interlocked.Read(ref _lastId), pending.Length is 0 ? null : pending[0].Key,
            Completion.IsCompleted ? [] : [.. _lines.Unread.ToArray(), .. _input.Rest.Span], _lines.IsDropping, _writer.Unsent(written), JunkLines, open);
    }

    private void Restore(AcpConnectionState state)
    {
        _lastId = state.LastRequestId;
        _junkLines = state.JunkLines;
        if (state.PromptId is { } id)
        {
            var prompt = new PendingRequest<PromptResponse>("session/prompt", AcpJson.Default.PromptResponse) { IsSent = true };
            _pending[id] = prompt;
            _restoredPrompt = prompt.Response;
        }

        foreach (var open in state.OpenRequests) RestoreRequest(open);
    }

    /// <summary>Lists a request of the peer that was open; its answer is asked for when the connection starts.</summary>
    private void RestoreRequest(RequestPermissionRequest open)
    {
        var request = new IncomingRequest(open.RequestId!, "session/request_permission", open.RawToolCall.GetRawText().Length + open.RawOptions.GetRawText().Length, _lifetime.Token);
        _incoming[request.Id] = request;
        _unanswered++;
        _openBytes += request.Bytes;
        _restored.Add((request, open));
    }

    private void AnswerRestored()
    {
        foreach (var (request, open) in _restored) request.Answered = AnswerAsync(request, ((ClientPeer)_peer).OnRestored(open, request.Token));
        _restored.Clear();
    }

    private async ValueTask PauseIfAskedAsync()
    {
        if (Volatile.Read(ref _pause) is not { } pause) return;
        pause.Reached.TrySetResult();
        await pause.Over.Task.WaitAsync(_stop.Token);
    }

    private sealed class Pause
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
