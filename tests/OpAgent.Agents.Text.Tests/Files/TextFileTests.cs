using System.Text;
using OpAgent.Agents.Text.Files;

namespace OpAgent.Agents.Text.Tests.Files;

public sealed class TextFileTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Read_Utf8WithByteOrderMark_KeepsItOutOfTheText()
    {
        var file = Read([0xEF, 0xBB, 0xBF, .. "Grüße\r\n"u8]);
        Assert.Equal("Grüße\r\n", file.Text);
        Assert.True(file is { IsUtf8: true, HasByteOrderMark: true });
    }

    [Fact]
    public void Read_Utf16_IsText()
    {
        var file = Read([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Hallo")]);
        Assert.Equal("Hallo", file.Text);
        Assert.True(file is { State: TextFileState.Read, IsUtf8: false });
    }

    [Fact]
    public void Read_Latin1_IsTextThatIsNotWrittenBack()
    {
        var file = Read(Encoding.Latin1.GetBytes("Grüße"));
        Assert.Equal("Grüße", file.Text);
        Assert.True(file is { State: TextFileState.Read, IsUtf8: false });
    }

    [Fact]
    public void Read_NulByte_IsBinary() => Assert.Equal(TextFileState.Binary, Read([.. "GIF"u8, 0, 1, 2]).State);

    [Fact]
    public void Read_LargerThanAllowed_IsNotRead() => Assert.Equal(TextFileState.TooLarge, Read(new byte[101]).State);

    [Fact]
    public void Read_Missing_IsUnreadable() => Assert.Equal(TextFileState.Unreadable, TextFile.Read(_tree.FullPath("missing"), 100).State);

    private TextFile Read(byte[] bytes)
    {
        File.WriteAllBytes(_tree.FullPath("file"), bytes);
        return TextFile.Read(_tree.FullPath("file"), 100);
    }
}
