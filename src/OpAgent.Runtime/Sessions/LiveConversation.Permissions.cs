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
            if (request.State != PermissionRequest.Pending) throw request.Ended();

            request.SetAnswered(option.Kind, by);
            _open.Remove(request);
            _turn?.Fold.Decide(request.Request.ToolCall.ToolCallId, request.Request.RawToolCall, $"{by} {option.Kind}");
            AppendResolved(request, option.OptionId);
            StopWaiting();
        }

        // The agent acts on the answer at once, so the answer is on the disk before the agent has it.
        try
        {
            await _journal.SyncAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // An answer that may be lost must not be acted upon.
            Withdraw(request);
            throw;
        }

        request.Response.TrySetResult(RequestPermissionResponse.Selected(option.OptionId));
        var answered = request.Describe();
        Announce(request);
        return answered;
    }

    ValueTask<RequestPermissionResponse> ISessionEvents.OnPermissionRequested(RequestPermissionRequest request, CancellationToken cancellationToken)
    {
        if (TakeRestored(request) is { } restored) return WaitForAnswerAsync(restored, cancellationToken);
        PermissionRequest permission;
        lock (_gate)
        {
            // Outside of a turn nobody can say what the question is about.
            if (_turn is not { CancelRequested: false, IsOver: false } turn) return new(RequestPermissionResponse.Cancelled);
            if (_open.Count >= SessionLimits.MaxOpenPermissions) throw new AcpException(AcpErrorCode.InvalidRequest, $"{_open.Count} permission requests are open already. Wait for an answer before asking for more.");
            if (request.RawOptions.GetRawText().Length > SessionLimits.MaxPermissionOptions) throw new AcpException(AcpErrorCode.InvalidRequest, $"The options take more than {SessionLimits.MaxPermissionOptions:N0} characters. Offer fewer or shorter ones.");
            _journal.RequireRoom();
            permission = new PermissionRequest(this, turn.Id, request, _context.Time.GetUtcNow());
            _journal.Append(EventKind.PermissionRequested, turn.Id, permission.WriteTo);
            _open.Add(permission);
            _state = ConversationState.Waiting;
            turn.Clock?.Stand();
        }

        _context.Permissions.Add(permission);
        return WaitForAnswerAsync(permission, cancellationToken);
    }

    private async ValueTask<RequestPermissionResponse> WaitForAnswerAsync(PermissionRequest permission, CancellationToken cancellationToken)
    {
        try
        {
            await _journal.SyncAsync().ConfigureAwait(false);
        }
        catch (IOException error)
        {
            // Nobody learns of a question that no follower sees.
            SessionsLog.Failed(_context.Logger, Id, "writing a permission request into the journal", error);
            CancelPermission(permission, "opagent");
        }

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
            _open.Remove(request);
            EndCancelled(request, by);
            StopWaiting();
        }

        try
        {
            _journal.Flush();
        }
        catch (IOException error)
        {
            // It goes out with the next events that the disk takes; the agent must not wait for that.
            SessionsLog.Failed(_context.Logger, Id, "writing the end of a permission request into the journal", error);
        }

        request.Response.TrySetResult(RequestPermissionResponse.Cancelled);
        Announce(request);
    }

    /// <summary>Takes back an answer that could not be written; the agent is told that there is none.</summary>
    private void Withdraw(PermissionRequest request)
    {
        lock (_gate) EndCancelled(request, "opagent");
        request.Response.TrySetResult(RequestPermissionResponse.Cancelled);
        Announce(request);
    }

    private void EndCancelled(PermissionRequest request, string by)
    {
        request.SetCancelled();
        _turn?.Fold.Decide(request.Request.ToolCall.ToolCallId, request.Request.RawToolCall, "cancelled");
        AppendResolved(request, null, by);
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
