using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Packages;

/// <summary>Sends packages to machines.</summary>
internal static class PackageInstaller
{
    private const int ChunkBytes = 128 * 1024;

    /// <exception cref="RpcException">The runtime refuses the package.</exception>
    public static async Task<Package> InstallAsync(
        this MachineConnection machine, PackageArchive archive, string digest, CancellationToken cancellationToken)
    {
        using var call = machine.Packages.Install(cancellationToken: cancellationToken);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 * ChunkBytes, resumeWriterThreshold: ChunkBytes));
        var packing = PackAsync(archive, pipe.Writer, cancellationToken);
        try
        {
            await call.RequestStream.WriteAsync(new() { Digest = digest }, cancellationToken);
            await using var tar = pipe.Reader.AsStream();
            var buffer = new byte[ChunkBytes];
            while (await tar.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) is > 0 and var read)
                await call.RequestStream.WriteAsync(new() { Data = ByteString.CopyFrom(buffer, 0, read) }, cancellationToken);
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The runtime ended the call before it had everything: its answer says why.
        }

        var installed = await call.ResponseAsync;
        await packing;
        return installed;
    }

    private static async Task PackAsync(PackageArchive archive, PipeWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await using var output = writer.AsStream(leaveOpen: true);
            await archive.WriteAsync(output, cancellationToken);
            await writer.CompleteAsync();
        }
        catch (Exception exception)
        {
            // The sender reads it from the other end.
            await writer.CompleteAsync(exception);
        }
    }
}
