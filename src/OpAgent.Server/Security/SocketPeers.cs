using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using OpAgent.Server.Machines;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Security;

/// <summary>Who is at the other end of the host's socket.</summary>
/// <param name="Refusal">Why the process may not speak to the host; null where it may.</param>
internal sealed record SocketPeer(int Pid, string? Refusal);

/// <summary>
/// Tells a person's program from an agent at the host's socket. Both run as the same user, so the file's mode cannot: an agent is recognized by
/// its descent from the runtime, which also adopts the orphans that an agent leaves.
/// </summary>
internal sealed partial class SocketPeers(DataDirectory data, MachineConnection local, ILogger<SocketPeers> logger)
{
    private const int SocketLevel = 1;          // SOL_SOCKET
    private const int PeerCredentials = 17;     // SO_PEERCRED: struct ucred { pid, uid, gid }
    private const int MostAncestors = 1000;
    private const int NotPermitted = 1;         // EPERM

    private static readonly uint OwnUser = UserOf("self")!.Value;

    /// <summary>Connection middleware that adds a <see cref="SocketPeer"/> to each connection's features.</summary>
    public ConnectionDelegate Identify(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(Of(connection.Features.Get<IConnectionSocketFeature>()!.Socket));
        return next(connection);
    };

    private SocketPeer Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        var pid = BinaryPrimitives.ReadInt32LittleEndian(credentials);
        var user = BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]);
        var refusal = user != OwnUser
            ? $"Process {pid} belongs to another user: over this socket the host serves its owner alone. Use its address and a token."
            : IsContained(pid) || MayDescendFromRuntime(pid)
                ? $"Process {pid} was, or may have been, started by an agent: agents do not reach the host with their user's rights."
                : null;
        if (refusal is not null) logger.PeerRefused(refusal);
        return new(pid, refusal);
    }

    // True also where it cannot be told, because one of the ancestors is gone or there are too many of them.
    private bool MayDescendFromRuntime(int pid)
    {
        var runtime = local.Hello?.Pid;
        for (var generation = 0; generation < MostAncestors; generation++)
        {
            // Process 0 started the first one of the machine or of a container.
            if (pid <= 1) return false;
            if (pid == runtime || IsOwnProgram(pid)) return true;
            if (ParentOf(pid) is not { } parent) return !IsOfAnotherUser(pid);
            pid = parent;
        }

        return true;
    }

    // In a PID namespace below ours, as agents of any runtime are.
    private static bool IsContained(int pid)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith("NSpid:", StringComparison.Ordinal))?.Split('\t').Length > 2;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The runtime runs from a copy in the data directory. This holds also before the host has found out which process it is.
    private bool IsOwnProgram(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false)?.FullName.StartsWith(data.Programs + "/", StringComparison.Ordinal) == true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int? ParentOf(int pid)
    {
        try
        {
            // The second field is the program's name in parentheses and may itself hold any character.
            var status = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Where /proc is mounted with hidepid, a process of another user cannot be seen, for example the sshd above a person's shell; the kernel still
    // tells it (EPERM) from one that is gone (ESRCH). What other users started does not descend from a runtime of ours.
    private static bool IsOfAnotherUser(int pid) => Kill(pid, 0) != 0 && Marshal.GetLastPInvokeError() == NotPermitted;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    private static uint? UserOf(string process) => File.ReadLines($"/proc/{process}/status")
        .Where(line => line.StartsWith("Uid:", StringComparison.Ordinal))
        .Select(line => (uint?)uint.Parse(line.Split('\t')[2]))
        .FirstOrDefault();
}
