using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using OpAgent.Protocol;
using OpAgent.Server.Machines;

namespace OpAgent.Server.Tests.Machines;

/// <summary>The fake runtime says that it is version 9.9.9; the host brings along what a test puts there.</summary>
public sealed class UpgradeTests
{
    [Theory]
    [InlineData("10.0.0", "9.9.9", "10.0.0")]
    [InlineData("9.9.8", null, null)]
    [InlineData("9.9.9", null, null)]
    [InlineData("what?", null, null)]
    public async Task Machine_WithAProgramThatTheHostBrings_SaysWhatMayTakeOver(string brought, string? from, string? to)
    {
        await using var host = await HostFixture.StartAsync(fixture => Bring(fixture, brought));

        var machine = await host.GetAsync("machines/local");

        Assert.Equal((from, to), UpgradeOf(machine));
    }

    [Fact]
    public async Task Machine_WithAnotherBuildOfTheSameVersion_TellsThemApartByTheirContent()
    {
        await using var host = await HostFixture.StartAsync(fixture => Bring(fixture, "9.9.9"));
        host.Runtime.Program = Path.Combine(host.Data.Programs, "no-program-0123456789abcdef", "opagent-runtime");

        var other = UpgradeOf(await host.GetAsync("machines/local"));
        host.Runtime.Program = Path.Combine(host.Data.Programs, ProgramCopy.NameOf(host.Temporary["no-program"]), "opagent-runtime");
        var same = UpgradeOf(await host.GetAsync("machines/local"));

        Assert.Equal("9.9.9+01234567", other.From);
        Assert.Matches("^9[.]9[.]9[+][0-9a-f]{8}$", other.To);
        Assert.Equal((null, null), same);
    }

    [Fact]
    public async Task Upgrade_ToANewerProgram_GivesTheRuntimeACopyAndAsksAgainWhenTheConnectionIsLost()
    {
        await using var host = await HostFixture.StartAsync(fixture => Bring(fixture, "10.0.0"));

        var done = await host.PostAsync("machines/local/upgrade");

        Assert.Equal(("9.9.9", "10.0.0"), (done.GetProperty("from").GetString(), done.GetProperty("to").GetString()));
        Assert.Single(host.Runtime.Upgrades.Select(request => request.Command).Distinct());
        Assert.Equal(2, host.Runtime.Upgrades.Count);
        Assert.StartsWith(host.Data.Programs, host.Runtime.Program);
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(host.Runtime.Program) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
    }

    [Fact]
    public async Task Upgrade_WithoutAnythingNewer_IsRefused()
    {
        await using var host = await HostFixture.StartAsync(fixture => Bring(fixture, "9.9.8"));

        var problem = await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync("machines/local/upgrade", new { }, HostFixture.Cancellation));

        Assert.Equal((409, "upgrade-refused"), (problem.Status, problem.Type));
        Assert.Empty(host.Runtime.Upgrades);
    }

    [Fact]
    public async Task Upgrade_ByATokenThatIsNoAdministrators_IsRefused()
    {
        await using var host = await HostFixture.StartAsync(fixture => Bring(fixture, "10.0.0"));
        using var client = host.OverTcp(await host.CreateTokenAsync("read", "converse", "write"));

        var problem = await HostFixture.ProblemOf(client.PostAsJsonAsync("api/v1/machines/local/upgrade", new { }, HostFixture.Cancellation));

        Assert.Equal(403, problem.Status);
        Assert.Empty(host.Runtime.Upgrades);
    }

    [Fact]
    public async Task Attachment_WhileTheRuntimeIsReplaced_IsNotTakenForACrash()
    {
        await using var host = await HostFixture.StartAsync();
        await HostFixture.UntilAsync(() => Task.FromResult(host.Runtime.Changes.Listeners == 1), "the host watches");
        var again = new TaskCompletionSource();
        host.Runtime.MaySayHello = again.Task;
        var hellos = host.Runtime.Hellos.Count;
        var local = ((MachineRegistry)host.Services.GetService(typeof(MachineRegistry))!).Get("local");

        host.Runtime.Changes.Fail(new RpcException(new Status(StatusCode.Unavailable, "Ask again."), new Metadata { { ProtocolVersion.ReplacedTrailer, "true" } }));
        await HostFixture.UntilAsync(() => Task.FromResult(host.Runtime.Hellos.Count > hellos), "the host attaches again");
        var (hello, unreachable) = (local.Hello, local.Unreachable);
        again.SetResult();
        await HostFixture.UntilAsync(() => Task.FromResult(host.Runtime.Changes.Listeners == 1), "the host watches again");

        Assert.NotNull(hello);
        Assert.Null(unreachable);
    }

    private static void Bring(HostFixture fixture, string version)
    {
        fixture.Temporary.Write("no-program/opagent-runtime", $"#!/bin/sh\necho '{version}'\n");
        File.SetUnixFileMode(fixture.Temporary["no-program/opagent-runtime"], (UnixFileMode)0b111_111_101);
    }

    private static (string? From, string? To) UpgradeOf(JsonElement machine) =>
        machine.TryGetProperty("upgrade", out var upgrade) && upgrade.ValueKind is JsonValueKind.Object
            ? (upgrade.GetProperty("from").GetString(), upgrade.GetProperty("to").GetString())
            : (null, null);
}
