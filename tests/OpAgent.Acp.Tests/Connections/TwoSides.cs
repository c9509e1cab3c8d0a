using System.IO.Pipes;
using System.Text;

namespace OpAgent.Acp.Tests.Connections;

/// <summary>A client and an agent of this library, connected over the operating system's pipes; what went over them is kept.</summary>
internal sealed class TwoSides : IAsyncDisposable
{
    private readonly Tap _toAgent = new();
    private readonly Tap _toClient = new();
    private readonly Task _serving;

    public TwoSides(Func<AcpAgentConnection, IAcpAgent> createAgent, RecordingClient? client = null, AcpConnectionOptions? agentOptions = null)
    {
        Recorder = client ?? new RecordingClient();
        var agent = new AcpAgentConnection(_toAgent.Output, _toClient.Input, createAgent, agentOptions);
        _serving = agent.RunAsync(CancellationToken.None);
        Client = new AcpClientConnection(_toClient.Output, _toAgent.Input, Recorder);
        Client.Start();
    }

    public AcpClientConnection Client { get; }

    public RecordingClient Recorder { get; }

    public string[] LinesToAgent => _toAgent.Lines;

    public string[] LinesToClient => _toClient.Lines;

    /// <summary>Ends the client's side, and with it the agent.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _toAgent.DisposeAsync();
        await _serving.Soon();
        await _toClient.DisposeAsync();
    }

    /// <summary>A pipe that keeps a copy of what was written to it.</summary>
    private sealed class Tap : IAsyncDisposable
    {
        private readonly AnonymousPipeServerStream _writer = new(PipeDirection.Out);
        private readonly AnonymousPipeClientStream _reader;
        private readonly MemoryStream _copy = new();

        public Tap()
        {
            _reader = new AnonymousPipeClientStream(PipeDirection.In, _writer.ClientSafePipeHandle);
            Input = new CopyingStream(_writer, _copy);
        }

        public Stream Input { get; }

        public Stream Output => _reader;

        public string[] Lines
        {
            get
            {
                lock (_copy) return Encoding.UTF8.GetString(_copy.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
        }

        public ValueTask DisposeAsync() => _writer.DisposeAsync();
    }

    private sealed class CopyingStream(Stream target, MemoryStream copy) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            lock (copy) copy.Write(buffer.Span);
            return target.WriteAsync(buffer, cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);
    }
}
