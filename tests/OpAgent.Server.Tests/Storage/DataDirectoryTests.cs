using System.Net.Sockets;
using OpAgent.Server.Storage;

namespace OpAgent.Server.Tests.Storage;

public sealed class DataDirectoryTests
{
    [Fact]
    public void TryTake_WhileAnotherHasIt_ReturnsNull()
    {
        using var temporary = new TemporaryDirectory();
        var data = new DataDirectory(temporary["data"]);

        var first = HostLock.TryTake(data);
        using var second = HostLock.TryTake(data);
        first!.Dispose();
        using var third = HostLock.TryTake(data);

        Assert.Null(second);
        Assert.NotNull(third);
    }

    [Fact]
    public void Announcement_OfAHost_IsThereWhileItRuns()
    {
        using var temporary = new TemporaryDirectory();
        var data = new DataDirectory(temporary["data"]);
        var announcement = new HostAnnouncement(7, ["http://127.0.0.1:5080"], "1.0.0");

        using (var held = HostLock.TryTake(data))
        {
            held!.Announce(announcement);
            var read = HostAnnouncement.Read(data)!;
            Assert.Equal((7, "http://127.0.0.1:5080", "1.0.0"), (read.Pid, read.Urls.Single(), read.Version));
        }

        Assert.Null(HostAnnouncement.Read(data));
    }

    [Fact]
    public void Create_OfADirectoryThatIsOpenToOthers_ClosesIt()
    {
        using var temporary = new TemporaryDirectory();
        Directory.CreateDirectory(temporary["data"], (UnixFileMode)0b111_101_101);

        new DataDirectory(temporary["data"]).Create();

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(temporary["data"]));
    }

    [Fact]
    public void UnixSocketPath_LongerThanAnAddress_CanBeBoundAndConnectedTo()
    {
        using var temporary = new TemporaryDirectory();
        var name = temporary[Path.Combine(new string('a', 100), new string('b', 100), "host.sock")];
        Directory.CreateDirectory(Path.GetDirectoryName(name)!);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var path = UnixSocketPath.For(name);

        listener.Bind(new UnixDomainSocketEndPoint(path.Address));
        listener.Listen();
        client.Connect(new UnixDomainSocketEndPoint(path.Address));

        Assert.True(File.Exists(name));
        Assert.Throws<DirectoryNotFoundException>(() => UnixSocketPath.For(temporary[Path.Combine(new string('c', 150), "host.sock")]));
    }
}
