using OpAgent.Agents.Proofreader.Requests;
using OpAgent.Agents.Text.Files;
using OpAgent.Agents.Text.Prompts;

namespace OpAgent.Agents.Proofreader.Tests.Requests;

public sealed class AssignmentTests : IDisposable
{
    private readonly TemporaryTree _tree = new();

    public AssignmentTests()
    {
        _tree.Write("README.md");
        _tree.Write("docs/intro.md");
        _tree.Write("docs/my page.md");
        _tree.Write("docs/deep/setup.md");
        _tree.Write("docs/notes.txt");
        _tree.Write(".hidden.md");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("Please proofread everything.", "README.md docs/intro.md docs/my page.md docs/deep/setup.md")]
    [InlineData("Check README.md.", "README.md")]
    [InlineData("Check (docs/intro.md), and @README.md:12!", "docs/intro.md README.md")]
    [InlineData("Check `docs/my page.md`", "docs/my page.md")]
    [InlineData("Check \"docs/my page.md\"", "docs/my page.md")]
    [InlineData("Check [it](docs/intro.md#a)", "docs/intro.md")]
    [InlineData("Check docs/deep/ and/or nothing", "docs/deep/setup.md")]
    [InlineData("Check `docs`", "docs/intro.md docs/my page.md docs/deep/setup.md")]
    [InlineData("Check the docs", "README.md docs/intro.md docs/my page.md docs/deep/setup.md")]
    [InlineData("Check setup.md", "docs/deep/setup.md")]
    [InlineData("Check .hidden.md", ".hidden.md")]
    [InlineData("Check missing.md", "")]
    [InlineData("Check docs/notes.txt", "")]
    [InlineData("See https://example.org/a.md and check README.md", "README.md")]
    public void Of_Prompt_NamesPages(string prompt, string expected) => Assert.Equal(expected, string.Join(' ', Of(prompt).Pages.Select(page => page.Path)));

    [Fact]
    public void Of_Attachment_IsRead() => Assert.Equal(["docs/intro.md"], Of("Check this.", _tree.FullPath("docs/intro.md")).Pages.Select(page => page.Path));

    [Fact]
    public void Of_WhatCannotBeRead_IsNamed()
    {
        var assignment = Of("Check missing.md, docs/notes.txt and ../outside.md");
        Assert.Equal(["missing.md"], assignment.Named.Missing);
        Assert.Equal(["../outside.md"], assignment.Named.Refused);
        Assert.Equal(["docs/notes.txt"], assignment.NoMarkdown);
    }

    private Assignment Of(string prompt, params string[] attachments) =>
        Assignment.Of(new AgentPrompt(prompt, [.. attachments]), new FileTree(_tree.Root), new WalkTally(), TestContext.Current.CancellationToken);
}
