using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace OpAgent.Ui.Markdown;

/// <summary>Writes a code block with its language as <c>lang</c>; <see cref="CodeFrames"/> makes what is shown of it.</summary>
internal sealed class CodeBlocks : HtmlObjectRenderer<CodeBlock>
{
    protected override void Write(HtmlRenderer renderer, CodeBlock block)
    {
        renderer.EnsureLine();
        renderer.Write("<pre");
        if (block is FencedCodeBlock { Info: { Length: > 0 } language }) renderer.Write(" lang=\"").WriteEscape(language).Write('"');
        renderer.Write("><code>").WriteLeafRawLines(block, writeEndOfLines: true, escape: true).WriteLine("</code></pre>");
    }
}
