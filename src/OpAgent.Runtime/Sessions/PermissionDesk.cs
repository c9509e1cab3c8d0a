using System.Collections.Concurrent;
using OpAgent.Core.Problems;

namespace OpAgent.Runtime.Sessions;

/// <summary>All permission requests of the machine by their id; answered ones are remembered for a while so that a late answer learns who was first.</summary>
internal sealed class PermissionDesk
{
    private const int MaxAnswered = 1000;

    private readonly ConcurrentDictionary<Guid, PermissionRequest> _requests = new();
    private readonly ConcurrentQueue<Guid> _answered = new();

    public IEnumerable<PermissionRequest> All => _requests.Values.OrderBy(request => request.Id);

    public void Add(PermissionRequest request) => _requests[request.Id] = request;

    /// <exception cref="ProblemException">There is no such request.</exception>
    public PermissionRequest Get(string id) =>
        Guid.TryParse(id, out var guid) && _requests.TryGetValue(guid, out var request)
            ? request
            : throw KnownProblems.PermissionNotFound.With($"There is no permission request '{id}'. It may have ended long ago, with its turn.");

    public void SetAnswered(PermissionRequest request)
    {
        request.Forget();
        _answered.Enqueue(request.Id);
        while (_answered.Count > MaxAnswered && _answered.TryDequeue(out var oldest)) _requests.TryRemove(oldest, out _);
    }
}
