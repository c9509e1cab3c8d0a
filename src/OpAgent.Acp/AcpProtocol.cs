namespace OpAgent.Acp;

/// <summary>The Agent Client Protocol as this library speaks it: <see href="https://agentclientprotocol.com"/>.</summary>
public static class AcpProtocol
{
    /// <summary>The version for <see cref="InitializeRequest.ProtocolVersion"/>.</summary>
    public const int Version = 1;
}

/// <summary>Codes of error responses.</summary>
public static class AcpErrorCode
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    /// <summary>The agent wants <c>authenticate</c> first.</summary>
    public const int AuthenticationRequired = -32000;

    /// <summary>A session or file does not exist. Agents also answer <see cref="InvalidParams"/> or <see cref="InternalError"/> for it.</summary>
    public const int ResourceNotFound = -32002;

    /// <summary>The request was cancelled by <c>$/cancel_request</c>.</summary>
    public const int RequestCancelled = -32800;
}
