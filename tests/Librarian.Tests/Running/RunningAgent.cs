using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using OpAgent.Acp;

namespace OpAgent.Agents.Librarian.Tests.Running;

/// <summary>The agent of this test project as a process of its own, with a session, and everything that it tells.</summary>
internal sealed class RunningAgent : IAcpClient, IAsyncDisposable
{
    /// <summary>Nothing here takes longer, also on a slow machine.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _limit = new(TimeLimit);
    private readonly Process _process;
    private readonly AcpClientConnection _connection;
    private readonly ConcurrentQueue<SessionUpdate> _updates = new();
    private readonly ConcurrentQueue<RequestPermissionRequest> _requests = new();
    private readonly SemaphoreSlim _told = new(0);

    private RunningAgent(Process process)
    {
        _process = process;
        _connection = new AcpClientConnection(process.StandardOutput.BaseStream, process.StandardInput.BaseStream, this);
        _connection.Start();
    }

    public string SessionId { get; private set; } = "";

    public InitializeResponse Initialized { get; private set; } = null!;

    /// <summary>What is answered to a permission request: the kind of an option, or null for a cancelled turn.</summary>
    public Func<RequestPermissionRequest, string?> Answer { get; set; } = _ => null;

    public IEnumerable<SessionUpdate> Updates => _updates;

    public IReadOnlyCollection<RequestPermissionRequest> Requests => _requests;

    /// <summary>What the agent has said, in one piece.</summary>
    public string Said => string.Concat(_updates.OfType<AgentMessageChunk>().Select(chunk => ((TextContent)chunk.Content).Text));

    public Process Process => _process;

    public static async Task<RunningAgent> StartAsync(string directory, params (string Name, string Value)[] environment)
    {
        var program = typeof(RunningAgent).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Agent").Value!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var agent = new RunningAgent(Process.Start(start)!);
        agent.Initialized = await agent._connection.InitializeAsync(new InitializeRequest(AcpProtocol.Version), agent._limit.Token);
        agent.SessionId = (await agent._connection.NewSessionAsync(new NewSessionRequest(directory), agent._limit.Token)).SessionId;
        return agent;
    }

    /// <summary>Runs a turn; what was told and said before is forgotten first.</summary>
    public Task<PromptResponse> PromptAsync(string text, params string[] attachments) =>
        PromptAsync([new TextContent(text), .. attachments.Select(path => new ResourceLink(Path.GetFileName(path), new Uri(path).AbsoluteUri))]);

    public Task<PromptResponse> PromptAsync(IReadOnlyList<ContentBlock> blocks)
    {
        _updates.Clear();
        _requests.Clear();
        return _connection.PromptAsync(new PromptRequest(SessionId, blocks), _limit.Token);
    }

    public Task<NewSessionResponse> NewSessionAsync(string directory) => _connection.NewSessionAsync(new NewSessionRequest(directory), _limit.Token);

    public ValueTask CancelAsync() => _connection.CancelAsync(SessionId, _limit.Token);

    /// <summary>Waits until something has been told.</summary>
    public async Task WaitForAsync(Func<SessionUpdate, bool> condition)
    {
        while (!_updates.Any(condition)) await _told.WaitAsync(_limit.Token);
    }

    /// <summary>Ends the agent's input, as a client that is done does; the exit code.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(_limit.Token);
        return _process.ExitCode;
    }

    public void OnUpdate(ReadOnlySpan<byte> sessionId, ReadOnlySpan<byte> update)
    {
        _updates.Enqueue(SessionUpdate.TryParse(update)!);
        _told.Release();
    }

    public void OnBatchEnd()
    {
    }

    public void OnJunk(JunkLine junk) => throw new InvalidOperationException($"The agent wrote: {junk.ToString()}");

    public ValueTask<RequestPermissionResponse> RequestPermissionAsync(RequestPermissionRequest request, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        var kind = Answer(request);
        return new(kind is null ? RequestPermissionResponse.Cancelled : RequestPermissionResponse.Selected(request.Options.Single(option => option.Kind == kind).OptionId));
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _limit.Dispose();
        _told.Dispose();
    }
}
