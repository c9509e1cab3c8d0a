using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Directories;

public sealed class OwnDataTests
{
    [Theory]
    [InlineData("home")]
    [InlineData("home/sessions")]
    [InlineData("")]
    [InlineData("link")]
    public async Task Open_OfWhatHoldsOrLiesInTheRuntimesHome_IsRefused(string path)
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        Directory.CreateSymbolicLink(runtime.Temporary["link"], runtime.Home);

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await runtime.Directories.OpenAsync(new OpenWorkspaceRequest { Path = runtime.Temporary[path] }, cancellationToken: RuntimeFixture.Cancellation));

        Assert.Equal("directory-not-allowed", refused.Trailers.GetValue(ProtocolVersion.ProblemTrailer));
    }
}
