using System.CommandLine;
using System.Text;
using OpAgent.Server.Edge;
using OpAgent.Server.Search;
using OpAgent.Terminal;

namespace OpAgent.Commands;

/// <summary><c>opagent search</c>.</summary>
internal static class SearchCommand
{
    private const int Most = 20;

    public static Command Create()
    {
        var words = new Argument<string[]>("WORDS") { Description = "All of them must be there; \"a phrase\" as it stands.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("search", "Finds conversations by what was said in them.") { words };
        command.SetAction((parsed, cancellationToken) => CommandContext.RunAsync(parsed, async context =>
        {
            // An argument with blanks was quoted for the shell, which took the quotes away.
            var query = string.Join(' ', parsed.GetRequiredValue(words).Select(word => word.Contains(' ') && !word.Contains('"') ? $"\"{word}\"" : word));
            var answer = await context.Client.GetAsync($"search?limit={Most}&q={Uri.EscapeDataString(query)}", cancellationToken);
            context.Output.Result(answer, () => Describe(answer.As<Page<SearchResult>>().Items));
            return ExitCode.Success;
        }, cancellationToken));
        return command;
    }

    private static string Describe(IReadOnlyList<SearchResult> results)
    {
        if (results.Count == 0) return "Nothing was found in the opened workspaces.";
        var text = new StringBuilder();
        foreach (var result in results)
        {
            if (text.Length > 0) text.Append('\n');
            text.Append($"{result.At:yyyy-MM-dd}  {TerminalText.Line(result.Title, 80)}{(result.By is null ? "" : $"  ({TerminalText.Line(result.By, 40)})")}  {result.Conversation}\n");
            text.Append($"    {TerminalText.Line(result.Snippet, 200)}");
        }

        return text.ToString();
    }
}
