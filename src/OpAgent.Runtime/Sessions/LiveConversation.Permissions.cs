using OpAgent.Acp;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class LiveConversation
{
    private readonly List<PermissionRequest> _open = [];

    /// <summary>Answers a request; the first answer wins.</summary>
    /// <exception cref="ProblemException">It was answered already, or the agent offers no such option.</exception>
    public async Task<Permission> AnswerAsync(PermissionRequest request, string kind, string optionId, string by)
    {
        Touch();
        var option = request.Choose(kind, optionId);
        lock (_gate)
        {
            if (request.State != PermissionRequest.Pending)
            {
                throw KnownProblems.PermissionResolved.With(request.State == PermissionRequest.Answered
                    ? $"{request.By} already answered '{request.Option}'. The first answer holds."
                    : "The request ended with its turn; there is nothing left to decide.");
            }

            request.SetAnswered(option.Kind, by);
            _open.Remove(request);
            _turn?.Fold.Decide(request.Request.ToolCall.ToolCallId, request.Request.RawToolCall, $"{by} {option.Kind}");
            AppendResolved(request, option.OptionId);
            if (_open.Count == 0 && _state == ConversationState.Waiting) _state = ConversationState.Running;
        }

        // The agent acts on the answer at once, so the answer is on the disk before the agent has it.
        await _journal.SyncAsync().ConfigureAwait(false);
        request.Response.TrySetResult(RequestPermissionResponse.Selected(option.OptionId));
        Announce(request);
        return request.Describe();
    }

    ValueTask<RequestPermissionResponse> ISessionEvents.OnPermissionRequested(RequestPermissionRequest request, CancellationToken cancellationToken)
    {
        PermissionRequest permission;
        lock (_gate)
        {
            // Outside of a turn nobody can say what the question is about.
            if (_turn is not { CancelRequested: false, IsOver: false } turn) return new(RequestPermissionResponse.Cancelled);
            permission = new PermissionRequest(this, turn.Id, request, _context.Time.GetUtcNow());
            _journal.Append(EventKind.PermissionRequested, turn.Id, permission.WriteTo);
            _open.Add(permission);
            _state = ConversationState.Waiting;
        }

        _context.Permissions.Add(permission);
        return WaitForAnswerAsync(permission, cancellationToken);
    }

    private async ValueTask<RequestPermissionResponse> WaitForAnswerAsync(PermissionRequest permission, CancellationToken cancellationToken)
    {
        await _journal.SyncAsync().ConfigureAwait(false);
        Changed();
        _context.Changes.Publish(permission, () => new Change { Permission = permission.Describe() });
        await using var registration = cancellationToken.UnsafeRegister(_ => CancelPermission(permission, "agent"), null).ConfigureAwait(false);
        return await permission.Response.Task.ConfigureAwait(false);
    }

    private void CancelPermissions(Guid turn, string by)
    {
        PermissionRequest[] open;
        lock (_gate) open = [.. _open.Where(request => request.Turn == turn)];
        foreach (var request in open) CancelPermission(request, by);
    }

    private void CancelPermission(PermissionRequest request, string by)
    {
        lock (_gate)
        {
            if (request.State != PermissionRequest.Pending) return;
            request.SetCancelled();
            _open.Remove(request);
            _turn?.Fold.Decide(request.Request.ToolCall.ToolCallId, request.Request.RawToolCall, "cancelled");
            AppendResolved(request, null, by);
            if (_open.Count == 0 && _state == ConversationState.Waiting) _state = ConversationState.Running;
        }

        _journal.Flush();
        request.Response.TrySetResult(RequestPermissionResponse.Cancelled);
        Announce(request);
    }

    private void AppendResolved(PermissionRequest request, string? optionId, string? cancelledBy = null) =>
        _journal.Append(EventKind.PermissionResolved, request.Turn, writer =>
        {
            writer.WriteString("permission", request.Id);
            writer.WriteString("option", request.Option ?? PermissionRequest.Cancelled);
            if (optionId is not null) writer.WriteString("optionId", optionId);
            writer.WriteString("by", request.By ?? cancelledBy);
        });

    private void Announce(PermissionRequest request)
    {
        _context.Permissions.SetAnswered(request);
        _context.Changes.Publish(request, () => new Change { Permission = request.Describe() });
        Changed();
    }
}
