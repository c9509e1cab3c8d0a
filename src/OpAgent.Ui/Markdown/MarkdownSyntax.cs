using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;

namespace OpAgent.Ui.Markdown;

/// <summary>The dialect: CommonMark with tables, task lists, bare addresses, footnotes and strikethrough.</summary>
internal static class MarkdownSyntax
{
    public static MarkdownPipeline Full { get; } = Builder()
        .UsePipeTables()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
        .Build();

    /// <summary>Finds where blocks begin and leaves what is in them alone.</summary>
    public static MarkdownPipeline BlocksOnly { get; } = WithoutInlines(Builder());

    public static HtmlRenderer RendererFor(TextWriter writer)
    {
        var renderer = new HtmlRenderer(writer);
        Full.Setup(renderer);
        renderer.ObjectRenderers.Replace<CodeBlockRenderer>(new CodeBlocks());
        renderer.ObjectRenderers.Replace<HtmlInlineRenderer>(new InlineTags());
        renderer.ObjectRenderers.Replace<HtmlTableRenderer>(new Tables());
        return renderer;
    }

    private static MarkdownPipelineBuilder Builder() => new MarkdownPipelineBuilder().UseFootnotes();

    private static MarkdownPipeline WithoutInlines(MarkdownPipelineBuilder builder)
    {
        builder.InlineParsers.Clear();
        return builder.Build();
    }
}
