using System.Text.Json;
using OpAgent.Acp;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Packages;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;
using OpAgent.Runtime.Sandboxes;

namespace OpAgent.Runtime.Sessions;

/// <summary>Starts an agent for a conversation and hands over the session that owns its process.</summary>
internal sealed partial class AgentLauncher(ProcessSupervisor supervisor, AgentCommand command, SessionEndpoint endpoint, SessionOptions options)
{
    private const int AcpVersion = 1;

    /// <param name="directory">The conversation's directory, relative to the workspace.</param>
    /// <exception cref="AgentStartException">The agent does not start; what it said is in the exception.</exception>
    public async Task<AgentSession> StartAsync(LaunchRequest request, ISessionEvents events, CancellationToken cancellationToken)
    {
        var token = endpoint.Issue(request.Conversation);
        AgentSession session;
        try
        {
            command.Prepare(request);
            var spec = command.Make(request, token);
            var process = await supervisor.StartAsync(spec).ConfigureAwait(false);
            try
            {
                session = new AgentSession(request.Agent, request.Sandbox.Fingerprint, process, events, options, () => endpoint.Revoke(token));
            }
            catch
            {
                await process.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (IOException error)
        {
            endpoint.Revoke(token);
            throw new AgentStartException($"Agent '{request.Agent.Label}' cannot be started: {error.Message}", inner: error);
        }
        catch (AgentStartException)
        {
            endpoint.Revoke(token);
            throw;
        }

        try
        {
            var initialize = new InitializeRequest(AcpVersion) { ClientInfo = new Implementation("opagent", RuntimeVersion.Text) { Title = "OpAgent" } };
            var begin = new NewSessionRequest(request.Directory) { Meta = MetaOf(request) };
            await session.BeginAsync(new SessionStart(initialize, begin, request.Previous, request.Mode, request.NotResumed), cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static JsonElement MetaOf(LaunchRequest request)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("opagent");
            writer.WriteString("conversation", request.Conversation);
            writer.WriteString("workspace", request.Root.RealPath);
            writer.WriteString("person", request.Person);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.ToArray());
    }
}

/// <summary>Which agent to start, for what.</summary>
/// <param name="Root">The workspace; not owned.</param>
/// <param name="Directory">The conversation's directory, absolute.</param>
/// <param name="Person">Who asked.</param>
/// <param name="Sandbox">What the agent gets to see; not owned.</param>
/// <param name="Previous">The session to take up, if the agent can.</param>
internal sealed record LaunchRequest(ResolvedAgent Agent, WorkspaceRoot Root, string Directory, Guid Conversation, string Person, string? Previous, string? Mode, SandboxPlan Sandbox, Action<string> NotResumed);
