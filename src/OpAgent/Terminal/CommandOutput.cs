using System.Text.Json;
using OpAgent.Client;
using OpAgent.Core.Problems;
using OpAgent.Server.Edge;

namespace OpAgent.Terminal;

/// <summary>Where a command writes: its result to stdout, as text or JSON, and everything else to stderr.</summary>
internal sealed class CommandOutput(bool json)
{
    /// <summary>With what a message to people begins.</summary>
    public const string Prefix = "opagent: ";

    public bool IsJson => json;

    /// <summary>The result: as the host said it, or as text for people.</summary>
    public void Result(Answer answer, Func<string> text)
    {
        Console.Out.WriteLine(json ? answer.Json : text());
    }

    public void Result(object value, Func<string> text) =>
        Result(new Answer(JsonSerializer.Serialize(value, value.GetType(), EdgeJson.Options)), text);

    /// <summary>Something a person may want to know beside the result.</summary>
    public void Hint(string text)
    {
        if (!json) Console.Error.WriteLine(TerminalText.Dim(text));
    }

    public void Problem(Problem problem, string detail)
    {
        Console.Error.WriteLine(json
            ? JsonSerializer.Serialize(new { type = problem.Type, title = problem.Title, status = problem.Status, detail }, EdgeJson.Options)
            : $"{Prefix}{problem.Title}. {TerminalText.Clean(detail)}");
    }
}
