using Grpc.Core;
using OpAgent.Core.Problems;
using OpAgent.Protocol;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>Takes packages and keeps their bytes.</summary>
internal sealed class FakePackagesService(FakeRuntime runtime) : Protocol.Packages.PackagesBase
{
    public override Task<ListPackagesReply> List(ListPackagesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListPackagesReply { Items = { runtime.Packages.Values.Select(entry => entry.Package) } });

    public override async Task<Package> Install(IAsyncStreamReader<InstallPackageRequest> requestStream, ServerCallContext context)
    {
        await runtime.MayInstall.WaitAsync(context.CancellationToken);
        var (tar, digest) = (new MemoryStream(), "");
        await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (message.Digest.Length > 0) digest = message.Digest;
            message.Data.WriteTo(tar);
        }

        var package = FakePackage.Read(tar.ToArray(), digest);
        runtime.Packages[package.Id] = (package, tar.ToArray());
        return package;
    }

    public override Task<Package> Activate(ActivatePackageRequest request, ServerCallContext context) => runtime.Packages.TryGetValue(request.Id, out var entry)
        ? Task.FromResult(new Package(entry.Package) { Version = request.Version })
        : throw KnownProblems.AgentNotFound.With("Not installed.");

    public override Task<RemovePackageReply> Remove(RemovePackageRequest request, ServerCallContext context) => runtime.Packages.TryRemove(request.Id, out _)
        ? Task.FromResult(new RemovePackageReply())
        : throw KnownProblems.AgentNotFound.With("Not installed.");
}
