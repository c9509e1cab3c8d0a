using OpAgent.Runtime.Hosting;

namespace OpAgent.Runtime.Tests.Hosting;

/// <summary>Which directories a runtime takes for its home. What it refuses stays as it was.</summary>
public sealed class RuntimeHomeTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    private readonly TemporaryDirectory _directory = new();

    private string Home => _directory["home"];

    [Fact]
    public void Open_WhereNothingIs_MakesAHomeForItsOwnerAlone()
    {
        var home = RuntimeHome.Open(_directory["deep/down/home"]);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(home.Path));
        Assert.Equal(home.MachineId, RuntimeHome.Open(home.Path + "/").MachineId);
    }

    [Fact]
    public void Open_OfAHomeThatOthersMayRead_ClosesIt()
    {
        RuntimeHome.Open(Home);
        File.SetUnixFileMode(Home, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherExecute);

        RuntimeHome.Open(Home);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Home));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Open_OfAHomeThatOthersMayWrite_Refuses(UnixFileMode others)
    {
        Directory.CreateDirectory(Home);
        File.SetUnixFileMode(Home, OwnerOnly | others);

        Refuses(Home, "others than its owner may write there", $"chmod 700 {Home}");

        Assert.Equal(OwnerOnly | others, File.GetUnixFileMode(Home));
        Assert.Empty(Directory.GetFileSystemEntries(Home));
    }

    [Fact]
    public void Open_OfAHomeThatItsOwnerMayNotWrite_Refuses()
    {
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Refuses(Home, "its owner may not write there (mode 0500)", $"chmod 700 {Home}");
    }

    [Fact]
    public void Open_BelowADirectoryInWhichEverybodyMayRename_Refuses()
    {
        Directory.CreateDirectory(_directory["open/between"]);
        File.SetUnixFileMode(_directory["open"], Everybody);

        Refuses(_directory["open/between/home"], $"everybody may rename what lies in {_directory["open"]} (mode 0777", $"chmod o-w {_directory["open"]}");

        Assert.Empty(Directory.GetFileSystemEntries(_directory["open/between"]));
    }

    [Fact]
    public void Open_BelowADirectoryWithTheStickyBit_IsAllowed()
    {
        Directory.CreateDirectory(_directory["sticky"]);
        File.SetUnixFileMode(_directory["sticky"], Everybody | UnixFileMode.StickyBit);

        Assert.True(Directory.Exists(RuntimeHome.Open(_directory["sticky/home"]).Sessions));
    }

    [Fact]
    public void Open_ThroughALinkIntoADirectoryInWhichEverybodyMayRename_Refuses()
    {
        Directory.CreateDirectory(_directory["open/inner"]);
        File.SetUnixFileMode(_directory["open"], Everybody);
        Directory.CreateSymbolicLink(_directory["link"], _directory["open/inner"]);

        Refuses(_directory["link/home"], $"everybody may rename what lies in {_directory["open"]}");
    }

    [Fact]
    public void Open_OfASymbolicLink_Refuses()
    {
        Directory.CreateDirectory(_directory["real"]);
        Directory.CreateSymbolicLink(Home, _directory["real"]);

        Refuses(Home, $"it is a symbolic link to {_directory["real"]}", "Name the directory itself");

        Assert.Empty(Directory.GetFileSystemEntries(_directory["real"]));
    }

    [Fact]
    public void Open_OfAFile_RefusesAndLeavesItThere()
    {
        _directory.Write("home", "mine");

        Refuses(Home, "it is a file and not a directory", "Move the file away");
        Refuses(Path.Combine(Home, "below"), $"{Home} is a file and not a directory");

        Assert.Equal("mine", File.ReadAllText(Home));
    }

    [Theory]
    [InlineData(1, 300, "a name in it is longer than the system allows")]
    [InlineData(40, 100, "and what lies below it would have more than the system allows")]
    public void Open_OfATooLongPath_Refuses(int names, int length, string reason) =>
        Refuses(Path.Combine([_directory.Path, .. Enumerable.Repeat(new string('x', length), names)]), reason, "Choose a shorter one");

    [Fact]
    public void Open_OfADirectoryWithOtherThings_Refuses()
    {
        _directory.Write("home/thesis.tex", "mine");

        Refuses(Home, "it holds other things, thesis.tex for one", "Choose an empty directory");

        Assert.Equal([_directory["home/thesis.tex"]], Directory.GetFileSystemEntries(Home));
    }

    [Fact]
    public void Open_AfterAStartThatWasBrokenOff_GoesOn()
    {
        RuntimeHome.Open(Home);
        File.Move(_directory["home/machine-id"], _directory["home/machine-id.0.tmp"]);

        Assert.NotEmpty(RuntimeHome.Open(Home).MachineId);
    }

    [Fact]
    public void Open_WithAnUnreadableMachineId_RefusesAndKeepsIt()
    {
        RuntimeHome.Open(Home);
        var file = _directory.Write("home/machine-id", "019a");

        Refuses(Home, $"{file} holds no machine id", "Restore it");

        Assert.Equal("019a", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("nfs")]
    [InlineData("cifs")]
    public void Open_OnANetworkFileSystem_Refuses(string kind)
    {
        var asked = new List<string>();
        var error = Assert.Throws<IOException>(() => RuntimeHome.Open(_directory["not/there"], directory =>
        {
            asked.Add(directory);
            return kind;
        }));

        Assert.Equal([_directory.Path], asked);
        Assert.Contains($"network file system ({kind})", error.Message);
        Assert.Contains("set OPAGENT_RUNTIME_HOME to another directory", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    public void Dispose() => _directory.Dispose();

    private static void Refuses(string path, params ReadOnlySpan<string> words)
    {
        var error = Assert.Throws<IOException>(() => RuntimeHome.Open(path));
        Assert.StartsWith($"The runtime home {path} cannot be used: ", error.Message);
        foreach (var word in words) Assert.Contains(word, error.Message);
    }
}
