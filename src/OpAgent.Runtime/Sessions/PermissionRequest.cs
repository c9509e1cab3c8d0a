using System.Text.Json;
using Google.Protobuf;
using OpAgent.Acp;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Sessions;

/// <summary>An agent's question whether it may do something, from its asking to its answer.</summary>
internal sealed class PermissionRequest(LiveConversation conversation, Guid turn, RequestPermissionRequest request, DateTimeOffset requested)
{
    public const string Pending = "pending", Answered = "answered", Cancelled = "cancelled";

    public Guid Id { get; } = Guid.CreateVersion7(requested);

    public LiveConversation Conversation { get; } = conversation;

    public Guid Turn { get; } = turn;

    public RequestPermissionRequest Request { get; } = request;

    public string State { get; private set; } = Pending;

    /// <summary>The kind of the chosen option.</summary>
    public string? Option { get; private set; }

    public string? By { get; private set; }

    /// <summary>What the agent is answered.</summary>
    public TaskCompletionSource<RequestPermissionResponse> Response { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="ProblemException">The agent offers no such option.</exception>
    public PermissionOption Choose(string kind, string optionId) =>
        Request.Options.FirstOrDefault(option => optionId.Length > 0 ? option.OptionId == optionId : option.Kind == kind)
        ?? throw KnownProblems.OptionNotOffered.With($"The agent does not offer '{(optionId.Length > 0 ? optionId : kind)}'. It offers {string.Join(", ", Request.Options.Select(option => $"{option.Kind} ({option.OptionId})"))}.");

    public void SetAnswered(string option, string by) => (State, Option, By) = (Answered, option, by);

    public void SetCancelled() => State = Cancelled;

    /// <summary>As followers see it in <c>permission.requested</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("permission");
        writer.WriteString("id", Id);
        writer.WritePropertyName("toolCall");
        Request.RawToolCall.WriteTo(writer);
        writer.WritePropertyName("options");
        Request.RawOptions.WriteTo(writer);
        writer.WriteEndObject();
    }

    public Permission Describe() => new()
    {
        Id = Id.ToString(),
        Conversation = Conversation.Id.ToString(),
        Turn = Turn.ToString(),
        State = State,
        ToolCall = ByteString.CopyFromUtf8(Request.RawToolCall.GetRawText()),
        Options = ByteString.CopyFromUtf8(Request.RawOptions.GetRawText()),
        Requested = requested.ToUnixTimeMilliseconds(),
        Option = Option ?? "",
        By = By ?? "",
        Workspace = Conversation.Workspace,
        Agent = Conversation.AgentLabel,
    };
}
