using System.Text.Json.Serialization;
using OpAgent.Acp.Json;

namespace OpAgent.Acp;

/// <summary>An MCP server that an agent connects to.</summary>
[JsonConverter(typeof(McpServerConverter))]
public abstract record McpServer(string Name) : AcpObject;

/// <summary>An MCP server that the agent starts as a process. Every agent supports it.</summary>
/// <param name="Name">The server's name for people and in tool names.</param>
/// <param name="Command">The program, as an absolute path.</param>
public sealed record McpServerStdio(string Name, string Command) : McpServer(Name)
{
    [JsonConverter(typeof(StrictList<string>)), JsonRequired]
    public IReadOnlyList<string> Args { get => field ?? []; init; }

    [JsonConverter(typeof(StrictList<EnvVariable>)), JsonRequired]
    public IReadOnlyList<EnvVariable> Env { get => field ?? []; init; }
}

/// <summary>An MCP server behind streamable HTTP. Needs <see cref="McpCapabilities.Http"/>.</summary>
public sealed record McpServerHttp(string Name, string Url) : McpServer(Name)
{
    [JsonConverter(typeof(StrictList<HttpHeader>)), JsonRequired]
    public IReadOnlyList<HttpHeader> Headers { get => field ?? []; init; }
}

/// <summary>An MCP server behind server-sent events. Needs <see cref="McpCapabilities.Sse"/>.</summary>
public sealed record McpServerSse(string Name, string Url) : McpServer(Name)
{
    [JsonConverter(typeof(StrictList<HttpHeader>)), JsonRequired]
    public IReadOnlyList<HttpHeader> Headers { get => field ?? []; init; }
}

/// <summary>A variable of a process's environment.</summary>
public sealed record EnvVariable(string Name, string Value) : AcpObject;

/// <summary>A header to send with each HTTP request.</summary>
public sealed record HttpHeader(string Name, string Value) : AcpObject;

internal sealed class McpServerConverter : TaggedConverter<McpServer>
{
    public McpServerConverter() : base("type")
    {
        Add<McpServerHttp>("http");
        Add<McpServerSse>("sse");
        Untagged = typeof(McpServerStdio);
    }
}
