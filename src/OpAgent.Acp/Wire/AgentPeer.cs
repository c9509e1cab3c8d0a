using System.Text;

namespace OpAgent.Acp.Wire;

/// <summary>The agent's side of a connection.</summary>
internal sealed class AgentPeer(AcpConnectionOptions options) : IPeer
{
    private readonly RunningPrompts _prompts = new();

    /// <summary>The agent; set before the connection starts, since the agent is made with the connection in hand.</summary>
    public IAcpAgent Agent { private get; set; } = null!;

    public bool OnNotification(in Message message)
    {
        if (!message.Method.SequenceEqual("session/cancel"u8)) return true;
        if (message.SessionId.IsEmpty) return false;
        _prompts.Cancel(Encoding.UTF8.GetString(message.SessionId));
        return true;
    }

    public ValueTask<Reply> OnRequest(in Message message, CancellationToken cancellationToken)
    {
        var json = AcpJson.Default;
        var method = Encoding.UTF8.GetString(message.Method);
        return method switch
        {
            "initialize" => Call.ReplyAsync(
                Agent.InitializeAsync(Call.Params(message, json.InitializeRequest), cancellationToken), json.InitializeResponse),
            "authenticate" => Call.ReplyAsync(
                Agent.AuthenticateAsync(Call.Params(message, json.AuthenticateRequest), cancellationToken), json.AuthenticateResponse),
            "logout" => Call.ReplyAsync(
                Agent.LogoutAsync(Call.Params(message, json.LogoutRequest), cancellationToken), json.LogoutResponse),
            "session/new" => Call.ReplyAsync(
                Agent.NewSessionAsync(Call.Params(message, json.NewSessionRequest), cancellationToken), json.NewSessionResponse),
            "session/load" => Call.ReplyAsync(
                Agent.LoadSessionAsync(Call.Params(message, json.LoadSessionRequest), cancellationToken), json.LoadSessionResponse),
            "session/resume" => Call.ReplyAsync(
                Agent.ResumeSessionAsync(Call.Params(message, json.ResumeSessionRequest), cancellationToken), json.ResumeSessionResponse),
            "session/close" => Call.ReplyAsync(
                Agent.CloseSessionAsync(Call.Params(message, json.CloseSessionRequest), cancellationToken), json.CloseSessionResponse),
            "session/delete" => Call.ReplyAsync(
                Agent.DeleteSessionAsync(Call.Params(message, json.DeleteSessionRequest), cancellationToken), json.DeleteSessionResponse),
            "session/list" => Call.ReplyAsync(
                Agent.ListSessionsAsync(Call.Params(message, json.ListSessionsRequest), cancellationToken), json.ListSessionsResponse),
            "session/set_mode" => Call.ReplyAsync(
                Agent.SetModeAsync(Call.Params(message, json.SetSessionModeRequest), cancellationToken), json.SetSessionModeResponse),
            "session/set_config_option" => Call.ReplyAsync(
                Agent.SetConfigOptionAsync(Call.Params(message, json.SetSessionConfigOptionRequest), cancellationToken),
                json.SetSessionConfigOptionResponse),
            "session/prompt" => Call.ReplyAsync(
                PromptAsync(Call.Params(message, json.PromptRequest), cancellationToken), json.PromptResponse),
            _ => throw AcpException.MethodNotFound(method),
        };
    }

    public void OnJunk(JunkLine junk)
    {
    }

    public void OnBatchEnd()
    {
    }

    private async ValueTask<PromptResponse> PromptAsync(PromptRequest request, CancellationToken cancellationToken)
    {
        // Listed within the reader loop: a session/cancel that follows finds it.
        var prompt = _prompts.Begin(request.SessionId, cancellationToken);
        try
        {
            // A turn may compute for long before it first waits; the loop must go on to hear of its cancellation.
            return await Task.Run(() => Agent.PromptAsync(request, prompt.Token).AsTask(), CancellationToken.None);
        }
        catch (Exception e) when (prompt.IsCancelled)
        {
            if (e is not OperationCanceledException) options.HandlerFailed?.Invoke("session/prompt", e);
            return new PromptResponse(StopReason.Cancelled);
        }
        finally
        {
            _prompts.End(prompt);
        }
    }
}
