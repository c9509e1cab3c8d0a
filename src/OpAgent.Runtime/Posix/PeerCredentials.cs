using System.Buffers.Binary;
using System.Net.Sockets;

namespace OpAgent.Runtime.Posix;

/// <summary>Who is at the other end of a unix socket, as the kernel attests it (unix(7), SO_PEERCRED).</summary>
internal readonly record struct PeerCredentials(int Pid, int Uid)
{
    private const int SolSocket = 1, SoPeerCred = 17;

    public static PeerCredentials Of(Socket socket)
    {
        Span<byte> value = stackalloc byte[12];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, value);
        return new PeerCredentials(BinaryPrimitives.ReadInt32LittleEndian(value), BinaryPrimitives.ReadInt32LittleEndian(value[4..]));
    }
}
