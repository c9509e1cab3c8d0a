using Microsoft.Extensions.Logging;
using OpAgent.Core.Problems;

namespace OpAgent.Server.Conversations;

/// <summary>The conversations that pages show at the moment.</summary>
internal sealed class ConversationMirrors(ConversationAccess access, EventFollower follower, TimeProvider time, ILogger<ConversationMirror> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ConversationMirror> _mirrors = [];

    /// <summary>The conversation's mirror, loaded. Given back with <see cref="Release"/>.</summary>
    /// <exception cref="ProblemException">There is no such conversation, or it cannot be read.</exception>
    public async Task<ConversationMirror> AcquireAsync(string id, CancellationToken cancellationToken)
    {
        ConversationMirror? mirror;
        lock (_gate)
        {
            if (!_mirrors.TryGetValue(id, out mirror)) _mirrors.Add(id, mirror = new(id, access, follower, time, logger));
            mirror.Viewers++;
        }

        try
        {
            await mirror.LoadedAsync(cancellationToken);
            return mirror;
        }
        catch
        {
            Release(id, mirror);
            throw;
        }
    }

    public void Release(string id, ConversationMirror mirror)
    {
        lock (_gate)
        {
            if (--mirror.Viewers > 0) return;
            if (_mirrors.GetValueOrDefault(id) == mirror) _mirrors.Remove(id);
        }

        mirror.End();
    }
}
