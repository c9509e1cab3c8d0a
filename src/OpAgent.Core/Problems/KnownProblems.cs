using System.Collections.Frozen;

namespace OpAgent.Core.Problems;

/// <summary>Every problem that OpAgent reports, in one place.</summary>
public static class KnownProblems
{
    // Directories and trust
    public static readonly Problem DirectoryNotFound = new("directory-not-found", 404, "The directory does not exist");
    public static readonly Problem NotADirectory = new("not-a-directory", 422, "The path is not a directory");
    public static readonly Problem DirectoryNotAllowed = new("directory-not-allowed", 422, "The directory cannot be a workspace");
    public static readonly Problem WorkspaceNotFound = new("workspace-not-found", 404, "No such workspace");
    public static readonly Problem WorkspaceNotTrusted = new("workspace-not-trusted", 403, "The workspace is not trusted");
    public static readonly Problem FullRightsNotGranted = new("full-rights-not-granted", 403, "An agent would get its user's full rights");
    public static readonly Problem SandboxUnavailable = new("sandbox-unavailable", 409, "The machine cannot enforce the sandbox");
    public static readonly Problem MachineNotFound = new("machine-not-found", 404, "No such machine");
    public static readonly Problem UpgradeRefused = new("upgrade-refused", 409, "The runtime was not upgraded");
    public static readonly Problem MachineUnavailable = new("machine-unavailable", 503, "The machine's runtime cannot be reached");

    // Agents and bindings
    public static readonly Problem AgentNotChosen = new("agent-not-chosen", 422, "No agent is bound to the directory");
    public static readonly Problem AgentNotFound = new("agent-not-found", 422, "The agent is not installed");
    public static readonly Problem AgentInvalid = new("agent-invalid", 422, "The agent's package cannot be used");
    public static readonly Problem BindingInvalid = new("binding-invalid", 422, "The directory's workspace.yaml is broken");
    public static readonly Problem PolicyInvalid = new("policy-invalid", 422, "The machine's policy.yaml is broken");

    // Conversations and turns
    public static readonly Problem ConversationNotFound = new("conversation-not-found", 404, "No such conversation");
    public static readonly Problem ConversationBusy = new("conversation-busy", 409, "Another runtime holds the conversation");
    public static readonly Problem ConversationBroken = new("conversation-broken", 409, "The conversation's file cannot be read");
    public static readonly Problem TurnRunning = new("turn-running", 409, "A turn is running");
    public static readonly Problem TurnNotFound = new("turn-not-found", 404, "No such turn");
    public static readonly Problem PermissionNotFound = new("permission-not-found", 404, "No such permission request");
    public static readonly Problem PermissionResolved = new("permission-resolved", 409, "The permission request was already answered");
    public static readonly Problem OptionNotOffered = new("option-not-offered", 422, "The agent does not offer this option");
    public static readonly Problem KeyReused = new("idempotency-key-reused", 422, "The Idempotency-Key was used for another request");

    // Files
    public static readonly Problem FileNotFound = new("file-not-found", 404, "No such file");
    public static readonly Problem FileExists = new("file-exists", 409, "Something is already there");
    public static readonly Problem FileChanged = new("file-changed", 412, "The file was changed meanwhile");
    public static readonly Problem FileNotRegular = new("file-not-regular", 422, "The path is not a regular file");
    public static readonly Problem FileTooLarge = new("file-too-large", 413, "The file is too large");
    public static readonly Problem DirectoryNotEmpty = new("directory-not-empty", 409, "The directory is not empty");
    public static readonly Problem PathOutside = new("path-outside-workspace", 403, "The path leaves the workspace");
    public static readonly Problem PathInvalid = new("path-invalid", 422, "The path is not valid");
    public static readonly Problem AccessDenied = new("access-denied", 403, "The operating system refuses access");
    public static readonly Problem StorageFailed = new("storage-failed", 507, "The disk does not take the data");

    // Accounts
    public static readonly Problem SignInRefused = new("sign-in-refused", 401, "The name or the password is not right");
    public static readonly Problem CodeRefused = new("code-refused", 403, "The code is not valid");
    public static readonly Problem SetupClosed = new("setup-closed", 409, "The host has an owner already");
    public static readonly Problem TooManyAttempts = new("too-many-attempts", 429, "Too many attempts");
    public static readonly Problem NameInvalid = new("name-invalid", 422, "The name cannot be used");
    public static readonly Problem NameTaken = new("name-taken", 409, "The name is taken");
    public static readonly Problem PasswordInvalid = new("password-invalid", 422, "The password cannot be used");
    public static readonly Problem UserNotFound = new("user-not-found", 404, "No such user");
    public static readonly Problem OwnerStays = new("owner-stays", 409, "The owner cannot be removed");
    public static readonly Problem SessionNotFound = new("session-not-found", 404, "No such session");
    public static readonly Problem AntiforgeryMissing = new("antiforgery-missing", 403, "The antiforgery token is missing or not valid");

    // The edge
    public static readonly Problem InvalidRequest = new("invalid-request", 400, "The request is not valid");
    public static readonly Problem Unauthorized = new("unauthorized", 401, "A token or a session is needed");
    public static readonly Problem Forbidden = new("forbidden", 403, "The caller may not do this");
    public static readonly Problem PeerNotAllowed = new("peer-not-allowed", 403, "This process may not speak to the host");
    public static readonly Problem HostNotAllowed = new("host-not-allowed", 403, "The Host header is not allowed");
    public static readonly Problem OriginNotAllowed = new("origin-not-allowed", 403, "The Origin header is not allowed");
    public static readonly Problem NotFound = new("not-found", 404, "Nothing is here");
    public static readonly Problem TokenNotFound = new("token-not-found", 404, "No such token");
    public static readonly Problem MethodNotAllowed = new("method-not-allowed", 405, "The address does not take this method");
    public static readonly Problem RequestTooLarge = new("request-too-large", 413, "The request is too large");
    public static readonly Problem MediaTypeNotSupported = new("media-type-not-supported", 415, "The body's media type is not supported");
    public static readonly Problem Internal = new("internal-error", 500, "Something went wrong in OpAgent");

    private static readonly FrozenDictionary<string, Problem> ByType = new[]
    {
        DirectoryNotFound, NotADirectory, DirectoryNotAllowed, WorkspaceNotFound, WorkspaceNotTrusted, FullRightsNotGranted, SandboxUnavailable,
        MachineNotFound, UpgradeRefused, MachineUnavailable,
        AgentNotChosen, AgentNotFound, AgentInvalid, BindingInvalid, PolicyInvalid,
        ConversationNotFound, ConversationBusy, ConversationBroken, TurnRunning, TurnNotFound, PermissionNotFound, PermissionResolved,
        OptionNotOffered, KeyReused,
        FileNotFound, FileExists, FileChanged, FileNotRegular, FileTooLarge, DirectoryNotEmpty, PathOutside, PathInvalid, AccessDenied, StorageFailed,
        SignInRefused, CodeRefused, SetupClosed, TooManyAttempts, NameInvalid, NameTaken, PasswordInvalid, UserNotFound, OwnerStays, SessionNotFound,
        AntiforgeryMissing,
        InvalidRequest, Unauthorized, Forbidden, PeerNotAllowed, HostNotAllowed, OriginNotAllowed,
        NotFound, TokenNotFound, MethodNotAllowed, RequestTooLarge, MediaTypeNotSupported, Internal,
    }.ToFrozenDictionary(problem => problem.Type);

    /// <summary>The problem with this type, or <see cref="Internal"/> for one that a newer runtime knows and this program does not.</summary>
    public static Problem Find(string type) => ByType.GetValueOrDefault(type, Internal);
}
