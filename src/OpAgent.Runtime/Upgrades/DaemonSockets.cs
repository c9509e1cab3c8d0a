using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Upgrades;

/// <summary>What the daemon holds for as long as it lives, whichever program it runs: the lock of its home and its two listening sockets.</summary>
internal sealed class DaemonSockets : IDisposable
{
    private readonly SafeFileHandle _homeLock;

    private DaemonSockets(SafeFileHandle homeLock, string path, Socket system, Socket sessions) =>
        (_homeLock, Path, System, Sessions) = (homeLock, path, system, sessions);

    /// <summary>A path of the unix socket that fits into its address.</summary>
    public string Path { get; }

    /// <summary>Where system calls come in.</summary>
    public Socket System { get; }

    /// <summary>Where agents come in.</summary>
    public Socket Sessions { get; }

    /// <summary>Binds new sockets.</summary>
    /// <param name="homeLock">Owned from here on.</param>
    public static DaemonSockets Open(RuntimeHome home, SafeFileHandle homeLock)
    {
        var path = RuntimeHome.ShortSocketPath(home.Socket);
        // We hold the lock, so a socket that is there belongs to a runtime that died.
        File.Delete(home.Socket);
        var system = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        system.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(home.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var sessions = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        sessions.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new DaemonSockets(homeLock, path, system, sessions);
    }

    /// <summary>Goes on with those of the program before this one; whoever connected meanwhile is in their queues.</summary>
    public static DaemonSockets Adopt(RuntimeHome home, DaemonHandles handles) => new(
        new SafeFileHandle(handles.HomeLock, ownsHandle: true), RuntimeHome.ShortSocketPath(home.Socket),
        new Socket(new SafeSocketHandle(handles.System, ownsHandle: true)), new Socket(new SafeSocketHandle(handles.Sessions, ownsHandle: true)));

    public DaemonHandles HandOver() => new((int)_homeLock.DangerousGetHandle(), (int)System.Handle, (int)Sessions.Handle);

    /// <summary>The socket for an end point that the server listens on.</summary>
    public Socket For(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint ? System : Sessions;

    public void Dispose()
    {
        System.Dispose();
        Sessions.Dispose();
        _homeLock.Dispose();
    }
}
