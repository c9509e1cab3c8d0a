using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace OpAgent.Ui.Markdown;

/// <summary>Writes tables with <c>align</c> where the library would write a <c>style</c>.</summary>
internal sealed class Tables : HtmlObjectRenderer<Table>
{
    protected override void Write(HtmlRenderer renderer, Table table)
    {
        renderer.EnsureLine();
        renderer.WriteLine("<table>");
        var section = "";
        foreach (var row in table.OfType<TableRow>())
        {
            var wanted = row.IsHeader ? "thead" : "tbody";
            if (wanted != section)
            {
                if (section.Length > 0) renderer.WriteLine($"</{section}>");
                renderer.WriteLine($"<{wanted}>");
                section = wanted;
            }

            renderer.Write("<tr").WriteAttributes(row).WriteLine(">");
            for (var i = 0; i < row.Count; i++) WriteCell(renderer, table, row, i);
            renderer.WriteLine("</tr>");
        }

        if (section.Length > 0) renderer.WriteLine($"</{section}>");
        renderer.WriteLine("</table>");
    }

    private static void WriteCell(HtmlRenderer renderer, Table table, TableRow row, int index)
    {
        var cell = (TableCell)row[index];
        var column = cell.ColumnIndex >= 0 ? cell.ColumnIndex : index;
        var align = column < table.ColumnDefinitions.Count ? table.ColumnDefinitions[column].Alignment : null;
        var name = row.IsHeader ? "th" : "td";
        renderer.Write($"<{name}");
        if (align is not null) renderer.Write($" align=\"{align.ToString()!.ToLowerInvariant()}\"");
        renderer.Write('>');
        var paragraphs = renderer.ImplicitParagraph;
        renderer.ImplicitParagraph = cell.Count == 1;
        renderer.WriteChildren(cell);
        renderer.ImplicitParagraph = paragraphs;
        renderer.WriteLine($"</{name}>");
    }
}
