namespace OpAgent.Client;

/// <summary>No host answers; the message says why and what to do. The agents that run are not affected.</summary>
internal sealed class HostUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
