using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>How the protocol's objects are read and written, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(LenientString), typeof(LenientInteger), typeof(LenientNumber)])]
[JsonSerializable(typeof(InitializeRequest))]
[JsonSerializable(typeof(InitializeResponse))]
[JsonSerializable(typeof(AuthenticateRequest))]
[JsonSerializable(typeof(AuthenticateResponse))]
[JsonSerializable(typeof(AgentAuthMethod))]
[JsonSerializable(typeof(TerminalAuthMethod))]
[JsonSerializable(typeof(LogoutRequest))]
[JsonSerializable(typeof(LogoutResponse))]
[JsonSerializable(typeof(NewSessionRequest))]
[JsonSerializable(typeof(NewSessionResponse))]
[JsonSerializable(typeof(LoadSessionRequest))]
[JsonSerializable(typeof(LoadSessionResponse))]
[JsonSerializable(typeof(ResumeSessionRequest))]
[JsonSerializable(typeof(ResumeSessionResponse))]
[JsonSerializable(typeof(CloseSessionRequest))]
[JsonSerializable(typeof(CloseSessionResponse))]
[JsonSerializable(typeof(DeleteSessionRequest))]
[JsonSerializable(typeof(DeleteSessionResponse))]
[JsonSerializable(typeof(ListSessionsRequest))]
[JsonSerializable(typeof(ListSessionsResponse))]
[JsonSerializable(typeof(McpServerStdio))]
[JsonSerializable(typeof(McpServerHttp))]
[JsonSerializable(typeof(McpServerSse))]
[JsonSerializable(typeof(SetSessionModeRequest))]
[JsonSerializable(typeof(SetSessionModeResponse))]
[JsonSerializable(typeof(SelectConfigOption))]
[JsonSerializable(typeof(BooleanConfigOption))]
[JsonSerializable(typeof(SelectConfigGroup))]
[JsonSerializable(typeof(SetSessionConfigOptionRequest))]
[JsonSerializable(typeof(SetSelectConfigOptionRequest))]
[JsonSerializable(typeof(SetBooleanConfigOptionRequest))]
[JsonSerializable(typeof(SetSessionConfigOptionResponse))]
[JsonSerializable(typeof(PromptRequest))]
[JsonSerializable(typeof(PromptResponse))]
[JsonSerializable(typeof(CancelNotification))]
[JsonSerializable(typeof(TextContent))]
[JsonSerializable(typeof(ImageContent))]
[JsonSerializable(typeof(AudioContent))]
[JsonSerializable(typeof(ResourceLink))]
[JsonSerializable(typeof(EmbeddedResource))]
[JsonSerializable(typeof(TextResourceContents))]
[JsonSerializable(typeof(BlobResourceContents))]
[JsonSerializable(typeof(ToolCallContentBlock))]
[JsonSerializable(typeof(ToolCallDiff))]
[JsonSerializable(typeof(ToolCallTerminal))]
[JsonSerializable(typeof(SessionNotification))]
[JsonSerializable(typeof(UserMessageChunk))]
[JsonSerializable(typeof(AgentMessageChunk))]
[JsonSerializable(typeof(AgentThoughtChunk))]
[JsonSerializable(typeof(ToolCall))]
[JsonSerializable(typeof(ToolCallUpdate))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(AvailableCommandsUpdate))]
[JsonSerializable(typeof(CurrentModeUpdate))]
[JsonSerializable(typeof(ConfigOptionUpdate))]
[JsonSerializable(typeof(SessionInfoUpdate))]
[JsonSerializable(typeof(UsageUpdate))]
[JsonSerializable(typeof(Notice))]
[JsonSerializable(typeof(CompactionUpdate))]
[JsonSerializable(typeof(CompactionSummaryChunk))]
[JsonSerializable(typeof(RequestPermissionRequest))]
[JsonSerializable(typeof(RequestPermissionResponse))]
[JsonSerializable(typeof(SelectedPermissionOutcome))]
[JsonSerializable(typeof(CancelledPermissionOutcome))]
[JsonSerializable(typeof(IReadOnlyList<PermissionOption>))]
[JsonSerializable(typeof(string))]
public sealed partial class AcpJson : JsonSerializerContext
{
    /// <summary>Text goes out as it is: the line is read by a program, never put into HTML.</summary>
    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
