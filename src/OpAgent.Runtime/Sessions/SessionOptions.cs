namespace OpAgent.Runtime.Sessions;

/// <summary>How long things around a session may take.</summary>
internal sealed class SessionOptions
{
    /// <summary>From the start of an agent's process to its session.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>From <c>session/cancel</c> to the end of the turn; then the agent is ended.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// An agent that had nothing to do for this long is ended, where no binding says otherwise; its conversation goes on with the next prompt.
    /// The one limit that holds by itself: the agents of conversations to which nobody returns would hold their memory for ever.
    /// </summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>After an agent's exit, how long output of what it started may still come before the turn is ended.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A follower that does not take an event for this long is cut off.</summary>
    public TimeSpan FollowerLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So many unexpected ends within <see cref="CrashWindow"/> and the agent is not started again until the window has passed.</summary>
    public int CrashLimit { get; init; } = 5;

    public TimeSpan CrashWindow { get; init; } = TimeSpan.FromSeconds(60);
}
