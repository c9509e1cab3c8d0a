using System.Net;
using System.Net.Sockets;

namespace OpAgent.EndToEnd.Browsing;

/// <summary>The network between a browser and the host, which can be cut and mended.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _gone = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile CancellationTokenSource _whole = new();

    public Wire(Uri host)
    {
        _target = host.Port;
        _listener.Start();
        Address = new UriBuilder(host) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The host's address through the wire.</summary>
    public Uri Address { get; }

    /// <summary>Breaks every connection and lets no new one through.</summary>
    public void Cut() => _whole.Cancel();

    public void Mend() => _whole = new();

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _whole.Cancel();
        _listener.Dispose();
        await _accepting;
        _gone.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_gone.Token);
                if (_whole.IsCancellationRequested) near.Close(0);
                else _ = CarryAsync(near, _whole.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket near, CancellationToken cut)
    {
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, cut);
            await using var here = new NetworkStream(near);
            await using var there = new NetworkStream(far);
            await Task.WhenAny(here.CopyToAsync(there, cut), there.CopyToAsync(here, cut));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // Cut, or the host is away.
        }

        near.Close(0);
        far.Close(0);
    }
}
