namespace OpAgent.Acp.Wire;

/// <summary>One side of a connection: what it does with what the other side sends. Everything is called from the one reader loop.</summary>
internal interface IPeer
{
    /// <summary>Takes a notification; false when it is known but makes no sense.</summary>
    bool OnNotification(in Message message);

    /// <summary>Begins to answer a request. The message is valid only until this returns.</summary>
    /// <exception cref="AcpException">The request is answered with this error.</exception>
    ValueTask<Reply> OnRequest(in Message message, CancellationToken cancellationToken);

    /// <summary>Takes a line that could not be used.</summary>
    void OnJunk(JunkLine junk);

    /// <summary>Everything that had arrived was handled.</summary>
    void OnBatchEnd();
}
