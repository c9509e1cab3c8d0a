namespace OpAgent.Acp.Tests.Connections;

/// <summary>An agent whose turns run what the test says; it has every optional method.</summary>
internal sealed class ScriptedAgent(AcpAgentConnection client) : IAcpAgent
{
    /// <summary>What a turn does.</summary>
    public required Func<AcpAgentConnection, PromptRequest, CancellationToken, Task<string>> Turn { get; init; }

    public ValueTask<InitializeResponse> InitializeAsync(InitializeRequest request, CancellationToken cancellationToken) =>
        new(new InitializeResponse(AcpProtocol.Version)
        {
            AgentInfo = new Implementation("scripted", "1.0.0") { Title = "Scripted" },
            AgentCapabilities = new AgentCapabilities
            {
                LoadSession = true,
                PromptCapabilities = new PromptCapabilities { Image = true, EmbeddedContext = true },
                McpCapabilities = new McpCapabilities { Http = true },
                SessionCapabilities = new SessionCapabilities { List = new(), Delete = new(), Resume = new(), Close = new(), AdditionalDirectories = new() },
                Auth = new AgentAuthCapabilities { Logout = new() },
            },
            AuthMethods =
            [
                new AgentAuthMethod("key", "API key") { Description = "a key" },
                new TerminalAuthMethod("login", "Log in") { Args = ["login"], Env = new Dictionary<string, string> { ["A"] = "b" } },
            ],
        });

    public ValueTask<NewSessionResponse> NewSessionAsync(NewSessionRequest request, CancellationToken cancellationToken) =>
        new(new NewSessionResponse("s1") { Modes = Modes, ConfigOptions = Options });

    public async ValueTask<PromptResponse> PromptAsync(PromptRequest request, CancellationToken cancellationToken) =>
        new(await Turn(client, request, cancellationToken));

    public ValueTask<AuthenticateResponse> AuthenticateAsync(AuthenticateRequest request, CancellationToken cancellationToken) => new(new AuthenticateResponse());

    public ValueTask<LogoutResponse> LogoutAsync(LogoutRequest request, CancellationToken cancellationToken) => new(new LogoutResponse());

    public ValueTask<LoadSessionResponse> LoadSessionAsync(LoadSessionRequest request, CancellationToken cancellationToken) =>
        new(new LoadSessionResponse { Modes = Modes });

    public ValueTask<ResumeSessionResponse> ResumeSessionAsync(ResumeSessionRequest request, CancellationToken cancellationToken) =>
        new(new ResumeSessionResponse { ConfigOptions = Options });

    public ValueTask<CloseSessionResponse> CloseSessionAsync(CloseSessionRequest request, CancellationToken cancellationToken) => new(new CloseSessionResponse());

    public ValueTask<DeleteSessionResponse> DeleteSessionAsync(DeleteSessionRequest request, CancellationToken cancellationToken) => new(new DeleteSessionResponse());

    public ValueTask<ListSessionsResponse> ListSessionsAsync(ListSessionsRequest request, CancellationToken cancellationToken) =>
        new(new ListSessionsResponse([new SessionInfo("s1", "/work") { Title = "A title", UpdatedAt = "2026-11-22T15:29:00Z" }]) { NextCursor = "more" });

    public ValueTask<SetSessionModeResponse> SetModeAsync(SetSessionModeRequest request, CancellationToken cancellationToken) => new(new SetSessionModeResponse());

    public ValueTask<SetSessionConfigOptionResponse> SetConfigOptionAsync(SetSessionConfigOptionRequest request, CancellationToken cancellationToken) =>
        new(new SetSessionConfigOptionResponse(Options));

    private static SessionModeState Modes { get; } = new("ask", [new SessionMode("ask", "Ask") { Description = "asks" }, new SessionMode("code", "Code")]);

    private static IReadOnlyList<SessionConfigOption> Options { get; } =
    [
        new SelectConfigOption("model", "Model", "small", new SelectConfigChoices { Ungrouped = [new SelectConfigChoice("small", "Small")] })
        {
            Category = SessionConfigOptionCategory.Model,
        },
        new SelectConfigOption("grouped", "Grouped", "a", new SelectConfigChoices { Groups = [new SelectConfigGroup("g", "Group", [new SelectConfigChoice("a", "A")])] }),
        new BooleanConfigOption("web", "Web", true),
    ];
}
