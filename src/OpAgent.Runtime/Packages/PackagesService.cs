using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Packages;

/// <summary>The system calls on agents' packages.</summary>
internal sealed class PackagesService(PackageStore packages) : Protocol.Packages.PackagesBase
{
    public override Task<ListPackagesReply> List(ListPackagesRequest request, ServerCallContext context)
    {
        var reply = new ListPackagesReply();
        reply.Items.AddRange(packages.List().Select(packages.Describe));
        return Task.FromResult(reply);
    }

    public override async Task<Package> Install(IAsyncStreamReader<InstallPackageRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken)) throw KnownProblems.InvalidRequest.With("The stream holds no package.");
        var digest = requestStream.Current.Digest;
        await using var tar = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        do
        {
            await tar.WriteAsync(requestStream.Current.Data.Memory, context.CancellationToken);
        }
        while (await requestStream.MoveNext(context.CancellationToken));
        return packages.Describe(packages.Install(tar, digest));
    }

    public override Task<Package> Activate(ActivatePackageRequest request, ServerCallContext context) =>
        Task.FromResult(packages.Describe(packages.ActivateVersion(request.Id, request.Version)));

    public override Task<RemovePackageReply> Remove(RemovePackageRequest request, ServerCallContext context)
    {
        packages.Remove(request.Id);
        return Task.FromResult(new RemovePackageReply());
    }
}
