using Grpc.Core;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Directories;

public sealed class MakeDirectoryTests
{
    [Fact]
    public async Task Make_WithMissingParents_MakesThemOnce()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        var path = runtime.Temporary["documents/OpAgent/welcome"];

        var first = await runtime.Directories.MakeAsync(new() { Path = path });
        var second = await runtime.Directories.MakeAsync(new() { Path = path });

        Assert.Equal((path, true), (first.Path, first.Made));
        Assert.Equal((path, false), (second.Path, second.Made));
        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public async Task Make_ThroughASymbolicLink_SaysWhereItReallyIs()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        Directory.CreateDirectory(runtime.Temporary["real"]);
        File.CreateSymbolicLink(runtime.Temporary["link"], runtime.Temporary["real"]);

        var made = await runtime.Directories.MakeAsync(new() { Path = runtime.Temporary["link/new"] });

        Assert.Equal((runtime.Temporary["real/new"], true), (made.Path, made.Made));
    }

    [Fact]
    public async Task Make_WhatCouldNotBeAWorkspace_IsRefusedAndMakesNothing()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.Temporary.Write("file", "");
        File.CreateSymbolicLink(runtime.Temporary["into"], runtime.Home);

        Assert.Equal("path-invalid", await ProblemOfAsync(runtime, "relative"));
        Assert.Equal("path-invalid", await ProblemOfAsync(runtime, "/nul\0"));
        Assert.Equal("directory-not-allowed", await ProblemOfAsync(runtime, Path.Combine(runtime.Home, "new")));
        Assert.Equal("directory-not-allowed", await ProblemOfAsync(runtime, runtime.Temporary["into/new"]));
        Assert.Equal("directory-not-allowed", await ProblemOfAsync(runtime, "/proc/new"));
        Assert.Equal("not-a-directory", await ProblemOfAsync(runtime, runtime.Temporary["file/new"]));
        Assert.False(Directory.Exists(Path.Combine(runtime.Home, "new")));
    }

    private static async Task<string?> ProblemOfAsync(RuntimeFixture runtime, string path)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await runtime.Directories.MakeAsync(new() { Path = path }));
        return refused.Trailers.GetValue(ProtocolVersion.ProblemTrailer);
    }
}
