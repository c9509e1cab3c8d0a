namespace OpAgent.Runtime.Sessions;

internal sealed partial class AgentLauncher
{
    /// <summary>What the next program needs of a session that stands still; null while something of it is on its way.</summary>
    public SessionHandover? Capture(Guid conversation, AgentSession session, IReadOnlyList<PermissionRequest> open) =>
        session.Capture(endpoint.HashesOf(conversation), open);

    /// <summary>Goes on with a session of the program before this one. Nothing of it is read before it is told to go on.</summary>
    /// <exception cref="IOException">Its process is not there any more.</exception>
    public AgentSession Restore(SessionHandover session, Guid conversation, ISessionEvents events) =>
        new(session, supervisor.Adopt(session.Child), events, options, endpoint.Restore(session.TokenHashes, conversation));
}
