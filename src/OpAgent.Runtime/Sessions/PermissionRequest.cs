using System.Text.Json;
using Google.Protobuf;
using OpAgent.Acp;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Sessions;

/// <summary>An agent's question whether it may do something, from its asking to its answer. What it shows is forgotten with its end.</summary>
internal sealed class PermissionRequest(LiveConversation conversation, Guid turn, RequestPermissionRequest request, DateTimeOffset requested, Guid? id = null)
{
    private const int MaxTitleLength = 200;

    // Of one that is remembered neither the agent's JSON nor the conversation is held in memory.
    private readonly Guid _conversation = conversation.Id;
    private readonly string _workspace = conversation.Workspace, _agent = conversation.AgentLabel;
    private RequestPermissionRequest? _request = request;
    private ByteString _toolCall = Bounded(request);
    private ByteString _options = ByteString.CopyFromUtf8(request.RawOptions.GetRawText());

    public const string Pending = "pending", Answered = "answered", Cancelled = "cancelled";

    public Guid Id { get; } = id ?? Guid.CreateVersion7(requested);

    public DateTimeOffset Requested => requested;

    /// <summary>The conversation's id.</summary>
    public string Conversation => _conversation.ToString();

    public Guid Turn { get; } = turn;

    /// <summary>What the agent asked.</summary>
    /// <exception cref="ProblemException">The request ended.</exception>
    public RequestPermissionRequest Request => _request ?? throw Ended();

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

    public void SetCancelled() => (State, Option, By) = (Cancelled, null, null);

    /// <summary>Why no answer is taken any more.</summary>
    public ProblemException Ended() => KnownProblems.PermissionResolved.With(State == Answered
        ? $"{By} already answered '{Option}'. The first answer holds."
        : "The request ended with its turn; there is nothing left to decide.");

    /// <summary>Keeps of what was asked only what it was called.</summary>
    public void Forget()
    {
        if (_request is not { } ended) return;
        (_request, _toolCall, _options) = (null, Brief(ended.ToolCall, note: null), ByteString.CopyFromUtf8("[]"));
    }

    /// <summary>As followers see it in <c>permission.requested</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("permission");
        writer.WriteString("id", Id);
        writer.WritePropertyName("toolCall");
        JsonElement.Parse(_toolCall.Span).WriteTo(writer);
        writer.WritePropertyName("options");
        Request.RawOptions.WriteTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>As <see cref="Describe"/> says it, of the tool call only what it is called.</summary>
    public Permission DescribeBriefly()
    {
        var permission = Describe();
        if (_request is { } open) permission.ToolCall = Brief(open.ToolCall, "What the agent wants to do is not shown here: too many large requests are open at once.");
        return permission;
    }

    public Permission Describe() => new()
    {
        Id = Id.ToString(),
        Conversation = Conversation,
        Turn = Turn.ToString(),
        State = State,
        ToolCall = _toolCall,
        Options = _options,
        Requested = requested.ToUnixTimeMilliseconds(),
        Option = Option ?? "",
        By = By ?? "",
        Workspace = _workspace,
        Agent = _agent,
    };

    private static ByteString Bounded(RequestPermissionRequest request)
    {
        var toolCall = ByteString.CopyFromUtf8(request.RawToolCall.GetRawText());
        return toolCall.Length <= SessionLimits.MaxPermissionToolCall
            ? toolCall
            : Brief(request.ToolCall, $"What the agent wants to do takes {toolCall.Length:N0} bytes to tell, more than is shown. Allow it only if you know what it is.");
    }

    private static ByteString Brief(ToolCallUpdate call, string? note)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("toolCallId", Short(call.ToolCallId));
            if (call.Title is { } title) writer.WriteString("title", Short(title));
            if (call.Kind is { } kind) writer.WriteString("kind", Short(kind));
            if (note is not null) WriteContent(writer, note);
            writer.WriteEndObject();
        }

        return ByteString.CopyFrom(buffer.ToArray());
    }

    private static void WriteContent(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        writer.WriteString("type", "content");
        writer.WriteStartObject("content");
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static string Short(string text) => text.Length <= MaxTitleLength ? text : text[..MaxTitleLength];
}
