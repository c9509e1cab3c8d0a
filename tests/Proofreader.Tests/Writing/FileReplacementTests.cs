using OpAgent.Agents.Proofreader.Writing;

namespace OpAgent.Agents.Proofreader.Tests.Writing;

public sealed class FileReplacementTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Replace_UnchangedFile_WritesAndKeepsTheMode()
    {
        var path = _tree.Write("a.md", "old");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite | UnixFileMode.OtherRead;
        File.SetUnixFileMode(path, Mode);
        Assert.Equal(ReplaceState.Written, FileReplacement.Replace(path, "old"u8, "new"u8).State);
        Assert.Equal("new", _tree.Read("a.md"));
        Assert.Equal(Mode, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(_tree.Root));
    }

    [Fact]
    public void Replace_FileThatWasChanged_LeavesIt()
    {
        var path = _tree.Write("a.md", "newer");
        Assert.Equal(ReplaceState.Changed, FileReplacement.Replace(path, "old"u8, "new"u8).State);
        Assert.Equal("newer", _tree.Read("a.md"));
    }

    [Fact]
    public void Replace_FileThatIsGone_WritesNothing()
    {
        Assert.Equal(ReplaceState.Changed, FileReplacement.Replace(_tree.FullPath("a.md"), "old"u8, "new"u8).State);
        Assert.Empty(Directory.GetFiles(_tree.Root));
    }

    [Fact]
    public void Replace_DirectoryThatTakesNoFile_IsRefused()
    {
        const string Name = "/proc/self/comm";
        var before = File.ReadAllBytes(Name);
        var result = FileReplacement.Replace(Name, before, "new"u8);
        Assert.Equal(ReplaceState.Refused, result.State);
        Assert.NotEmpty(result.Error!);
        Assert.Equal(before, File.ReadAllBytes(Name));
    }
}
