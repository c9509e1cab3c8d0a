using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sandboxes;

/// <summary>
/// <c>opagent-runtime relay PORT SOCKET PROGRAM ARGUMENT…</c>: in a session without a network, listens on loopback where the session expects its endpoint,
/// carries every connection to the runtime's socket, and runs the program beside it until that ends. Started by the runtime only.
/// </summary>
internal static class RelayCommand
{
    private const int SignalOffset = 128;

    /// <summary>The command line that runs a program behind a relay.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) Around(string program, IReadOnlyList<string> arguments, int port, string socket) =>
        (Environment.ProcessPath!, ["relay", port.ToString(CultureInfo.InvariantCulture), socket, program, .. arguments]);

    /// <returns>The program's exit code; 128+n where signal n ended it.</returns>
    public static async Task<int> RunAsync(int port, string socket, string program, IReadOnlyList<string> arguments)
    {
        // Meant for the program, which shares this process's group; the relay ends with it.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        var pid = Start(program, arguments);
        _ = AcceptAsync(listener, socket);
        return await Task.Run(() => Wait(pid)).ConfigureAwait(false);
    }

    private static int Start(string program, IReadOnlyList<string> arguments)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}");
        var pid = SpawnCall.Spawn(program, arguments, environment, directory: null, stdin: 0, stdout: 1, stderr: 2, newSession: false);
        // The pipes are the program's alone, so that their end is seen when it closes them.
        var nothing = LibC.open("/dev/null", LibC.O_RDWR | LibC.O_CLOEXEC, 0);
        for (var descriptor = 0; descriptor <= 2; descriptor++) _ = LibC.dup2(nothing, descriptor);
        return pid;
    }

    private static unsafe int Wait(int pid)
    {
        LibC.SigInfo info;
        while (LibC.waitid(LibC.P_PID, pid, &info, LibC.WEXITED) != 0 && Marshal.GetLastPInvokeError() == LibC.EINTR)
        {
        }

        return info.Code == LibC.CLD_EXITED ? info.Status : SignalOffset + info.Status;
    }

    private static async Task AcceptAsync(Socket listener, string socket)
    {
        while (true)
        {
            try
            {
                _ = CarryAsync(await listener.AcceptAsync().ConfigureAwait(false), socket);
            }
            catch (SocketException)
            {
                // Too many open files: the next one that ends makes room.
                await Task.Yield();
            }
        }
    }

    private static async Task CarryAsync(Socket accepted, string path)
    {
        try
        {
            using var outside = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await outside.ConnectAsync(new UnixDomainSocketEndPoint(RuntimeHome.ShortSocketPath(path))).ConfigureAwait(false);
            await using var inner = new NetworkStream(accepted, ownsSocket: true);
            await using var outer = new NetworkStream(outside);
            await Task.WhenAll(CopyAsync(inner, outer), CopyAsync(outer, inner)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // One side hung up; the other one sees the end.
        }
        finally
        {
            accepted.Dispose();
        }
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        await from.CopyToAsync(to).ConfigureAwait(false);
        to.Socket.Shutdown(SocketShutdown.Send);
    }
}
