namespace OpAgent.Acp;

/// <summary>
/// An error response. Thrown by a request that the peer refused; the connection stays usable. A handler that throws it answers
/// with its <see cref="Code"/> and message, while the text of any other exception never reaches the peer.
/// </summary>
public sealed class AcpException(int code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The JSON-RPC error code; see <see cref="AcpErrorCode"/>.</summary>
    public int Code { get; } = code;

    internal static AcpException MethodNotFound(string method) => new(AcpErrorCode.MethodNotFound, $"The method '{method}' is not supported.");
}

/// <summary>The peer went away, or the connection was disposed, before a request was answered. Nothing more can be sent.</summary>
public sealed class AcpConnectionClosedException(Exception? innerException = null)
    : Exception("The connection to the peer is closed; nothing more can be sent or will be answered.", innerException);
