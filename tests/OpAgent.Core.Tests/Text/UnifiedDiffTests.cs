using System.Text;
using CsCheck;
using OpAgent.Core.Text;

namespace OpAgent.Core.Tests.Text;

public class UnifiedDiffTests
{
    private static readonly Gen<string> Lines = Gen.OneOf("a\n", "b\n", "c\n", "\n", "a\r\n", "d").Array[0, 40].Select(string.Concat);

    [Fact]
    public void Create_Change_HasThreeLinesOfContext() =>
        Assert.Equal(
            "--- a/docs/a.md\n+++ b/docs/a.md\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+X\n f\n g\n h\n",
            UnifiedDiff.Create("a\nb\nc\nd\ne\nf\ng\nh\ni\n", "a\nb\nc\nd\nX\nf\ng\nh\ni\n", "docs/a.md"));

    [Fact]
    public void Create_NewFile_ComesFromNothing() =>
        Assert.Equal("--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n", UnifiedDiff.Create(null, "x", "a"));

    [Fact]
    public void Create_NewEmptyFile_HasNoHunk() => Assert.Equal("--- /dev/null\n+++ b/a\n", UnifiedDiff.Create(null, "", "a"));

    [Fact]
    public void Create_OnlyTheFinalNewLine_IsAChange() =>
        Assert.Equal("--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n", UnifiedDiff.Create("x", "x\n", "a"));

    [Fact]
    public void Create_EqualTexts_IsEmpty() => Assert.Equal("", UnifiedDiff.Create("x", "x", "a"));

    [Fact]
    public void Create_PathWithLineBreak_StaysInTheHeader() => Assert.StartsWith("--- a/a +++ b/c\n", UnifiedDiff.Create("x", "y", "a\n+++ b/c"));

    [Theory]
    [InlineData(1024 * 1024 + 1, 'x')]
    [InlineData(20_001, '\n')]
    public void Create_TooLarge_IsASummary(int length, char c) =>
        Assert.StartsWith("Files a/a and b/a differ", UnifiedDiff.Create("", new string(c, length), "a"));

    [Fact]
    public void Create_EveryLineDiffers_IsOneHunk()
    {
        var before = string.Concat(Enumerable.Range(0, 19_000).Select(i => $"a{i}\n"));

        Assert.Equal(3 + (2 * 19_000), UnifiedDiff.Create(before, before.Replace('a', 'b'), "a").AsSpan().Count('\n'));
    }

    [Fact]
    public void Create_AnyTexts_PatchesTheOldOneIntoTheNew() => Gen.Select(Lines, Lines).Sample((before, after) =>
        Assert.Equal(after, Patch(before, UnifiedDiff.Create(before, after, "a"))), iter: 5_000);

    /// <summary>Applies a diff as <c>patch</c> does, and checks that every line it takes away or keeps is there.</summary>
    private static string Patch(string text, string diff)
    {
        var old = SplitLines(text);
        var lines = SplitLines(diff);
        var patched = new StringBuilder();
        var position = 0;
        for (var i = 2; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.StartsWith("@@ -", StringComparison.Ordinal))
            {
                var range = line[4..line.IndexOf(' ', 4)].Split(',');
                var start = int.Parse(range[0]) - (range is [_, "0"] ? 0 : 1);
                while (position < start) patched.Append(old[position++]);
                continue;
            }
            if (line[0] == '\\') continue;

            var content = i + 1 < lines.Count && lines[i + 1][0] == '\\' ? line[1..^1] : line[1..];
            if (line[0] != '+') Assert.Equal(old[position++], content);
            if (line[0] != '-') patched.Append(content);
        }
        while (position < old.Count) patched.Append(old[position++]);
        return patched.ToString();
    }

    private static List<string> SplitLines(string text)
    {
        var lines = text.Split('\n').Select(line => line + "\n").ToList();
        lines[^1] = lines[^1][..^1];
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}
