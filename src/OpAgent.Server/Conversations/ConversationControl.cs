using OpAgent.Core.Problems;

namespace OpAgent.Server.Conversations;

/// <summary>What a person does with a conversation's session: prompt, cancel, stop, choose a mode.</summary>
internal sealed class ConversationControl(ConversationAccess conversations)
{
    /// <param name="id">The conversation's.</param>
    /// <param name="command">The id of this command: repeated, the answer is that of the first time.</param>
    /// <param name="person">Who prompts.</param>
    public async Task<AcceptedTurn> PromptAsync(string id, NewTurn request, Guid command, string person, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Text)) throw KnownProblems.InvalidRequest.With("The prompt is empty: send a text.");
        if (request.Attachments?.Any(string.IsNullOrEmpty) == true)
            throw KnownProblems.InvalidRequest.With("'attachments' holds an entry without a name: each is the path of a file, relative to the conversation's directory.");
        var machine = conversations.Holding(id);
        // The agent may be one that the host is only just installing.
        await machine.SettledAsync(cancellationToken);
        var reply = await machine.Conversations.StartTurnAsync(
            new()
            {
                Command = command.ToString(), Conversation = id, Text = request.Text, Attachments = { request.Attachments ?? [] }, By = person,
                Queue = request.Queue ?? false,
            },
            cancellationToken: cancellationToken);
        return new(reply.Turn, reply.Seq, reply.Queued);
    }

    public async Task<ConversationView> CancelAsync(string id, string? turn, string person, CancellationToken cancellationToken)
    {
        var machine = conversations.Holding(id);
        var reply = await machine.Conversations.CancelAsync(
            new() { Conversation = id, Turn = turn ?? "", By = person }, cancellationToken: cancellationToken);
        // Its file may be gone, which keeps nobody from cancelling. An older runtime does not say how the conversation is.
        return reply.Conversation is { } cancelled ? await conversations.ViewAsync(machine, cancelled, cancellationToken) : await conversations.GetMetaAsync(id, cancellationToken);
    }

    public async Task<ConversationView> StopAsync(string id, string person, CancellationToken cancellationToken)
    {
        var machine = conversations.Holding(id);
        var stopped = await machine.Conversations.StopAsync(new() { Conversation = id, By = person }, cancellationToken: cancellationToken);
        return await conversations.ViewAsync(machine, stopped, cancellationToken);
    }

    public async Task<ConversationView> SetOptionsAsync(string id, SessionOptions options, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(options.Mode)) throw KnownProblems.InvalidRequest.With("The request sets nothing: send a mode, one of the conversation's modes.");
        await conversations.Holding(id).Conversations.SetModeAsync(new() { Conversation = id, Mode = options.Mode }, cancellationToken: cancellationToken);
        return await conversations.GetMetaAsync(id, cancellationToken);
    }
}
