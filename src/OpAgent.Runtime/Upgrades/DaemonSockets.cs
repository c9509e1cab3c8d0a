using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Upgrades;

/// <summary>What the daemon holds for as long as it lives, whichever program it runs: the lock of its home and its listening sockets.</summary>
internal sealed class DaemonSockets : IDisposable
{
    private readonly SafeFileHandle _homeLock;

    private DaemonSockets(SafeFileHandle homeLock, RuntimeHome home, Socket system, Socket sessions, Socket relayed) =>
        (_homeLock, Path, RelayedPath, System, Sessions, Relayed) = (homeLock, RuntimeHome.ShortSocketPath(home.Socket), RuntimeHome.ShortSocketPath(home.EndpointSocket), system, sessions, relayed);

    /// <summary>A path of the unix socket of the system calls that fits into its address.</summary>
    public string Path { get; }

    /// <summary>The same of the socket of agents without a network.</summary>
    public string RelayedPath { get; }

    /// <summary>Where system calls come in.</summary>
    public Socket System { get; }

    /// <summary>Where agents come in.</summary>
    public Socket Sessions { get; }

    /// <summary>Where agents come in that have no network.</summary>
    public Socket Relayed { get; }

    /// <summary>Binds new sockets.</summary>
    /// <param name="homeLock">Owned from here on.</param>
    public static DaemonSockets Open(RuntimeHome home, SafeFileHandle homeLock)
    {
        var system = Bind(home.Socket);
        var sessions = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        sessions.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new DaemonSockets(homeLock, home, system, sessions, Bind(home.EndpointSocket));
    }

    /// <summary>Goes on with those of the program before this one; whoever connected meanwhile is in their queues.</summary>
    public static DaemonSockets Adopt(RuntimeHome home, DaemonHandles handles) => new(
        new SafeFileHandle(handles.HomeLock, ownsHandle: true), home,
        SocketOf(handles.System), SocketOf(handles.Sessions), SocketOf(handles.Relayed));

    public DaemonHandles HandOver() => new((int)_homeLock.DangerousGetHandle(), (int)System.Handle, (int)Sessions.Handle, (int)Relayed.Handle);

    /// <summary>The socket for an end point that the server listens on.</summary>
    public Socket For(EndPoint endPoint) => endPoint is not UnixDomainSocketEndPoint ? Sessions : endPoint.ToString() == RelayedPath ? Relayed : System;

    public void Dispose()
    {
        System.Dispose();
        Sessions.Dispose();
        Relayed.Dispose();
        _homeLock.Dispose();
    }

    private static Socket Bind(string path)
    {
        // We hold the lock, so a socket that is there belongs to a runtime that died.
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(RuntimeHome.ShortSocketPath(path)));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return socket;
    }

    private static Socket SocketOf(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));
}
