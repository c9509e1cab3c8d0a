namespace OpAgent.Server.Machines;

/// <summary>How the byte stream to a machine's runtime is opened: the one thing in which machines differ.</summary>
internal interface IMachineTransport
{
    /// <summary>Opens a stream to the runtime and starts the runtime where none runs. Called for every new connection; the caller disposes the stream.</summary>
    /// <exception cref="RuntimeUnreachableException">No runtime can be reached; the message says why and what to do.</exception>
    ValueTask<Stream> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>A runtime cannot be reached or started now. The connection stays usable: the next call tries again.</summary>
/// <remarks>An <see cref="IOException"/>, so that gRPC reports it as unavailable.</remarks>
internal sealed class RuntimeUnreachableException(string message, Exception? inner = null) : IOException(message, inner);
