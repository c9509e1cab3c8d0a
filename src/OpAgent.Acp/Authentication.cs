using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary><c>authenticate</c>: logs in by one of the methods that the agent named in <see cref="InitializeResponse.AuthMethods"/>.</summary>
public sealed record AuthenticateRequest(string MethodId) : AcpObject;

/// <summary>The answer to <c>authenticate</c>: the login worked.</summary>
public sealed record AuthenticateResponse : AcpObject;

/// <summary><c>logout</c>: ends the login. Needs <see cref="AgentAuthCapabilities.Logout"/>.</summary>
public sealed record LogoutRequest : AcpObject;

/// <summary>The answer to <c>logout</c>.</summary>
public sealed record LogoutResponse : AcpObject;

/// <summary>A way to log in to an agent.</summary>
[JsonConverter(typeof(AuthMethodConverter))]
public abstract record AuthMethod(string Id, string Name) : AcpObject
{
    /// <summary>What the method does, for people.</summary>
    public string? Description { get; init; }
}

/// <summary>A login that the agent handles by itself when <c>authenticate</c> is called.</summary>
public sealed record AgentAuthMethod(string Id, string Name) : AuthMethod(Id, Name);

/// <summary>A login for which the client runs the agent's program in a terminal.</summary>
public sealed record TerminalAuthMethod(string Id, string Name) : AuthMethod(Id, Name)
{
    /// <summary>Arguments to add to the agent's command.</summary>
    [JsonConverter(typeof(ListOrEmpty<string>))]
    public IReadOnlyList<string> Args { get => field ?? []; init; }

    /// <summary>Variables to add to the agent's environment.</summary>
    [JsonConverter(typeof(StringMap))]
    public IReadOnlyDictionary<string, string> Env { get => field ?? new Dictionary<string, string>(); init; }
}

internal sealed class AuthMethodConverter : TaggedConverter<AuthMethod>
{
    public AuthMethodConverter() : base("type")
    {
        Add<TerminalAuthMethod>("terminal");
        Untagged = typeof(AgentAuthMethod);
    }
}
