using System.Text.Json;
using OpAgent.Terminal;

namespace OpAgent.Runs;

/// <summary>Writes a turn as it happens: what the agent says to stdout, what it does and thinks to stderr.</summary>
internal sealed class EventPrinter(bool json)
{
    // On a terminal both streams share the lines; in a file or pipe the answer is only the answer.
    private readonly bool _shared = !Console.IsOutputRedirected && !Console.IsErrorRedirected;
    private readonly Dictionary<string, string> _tools = [];
    private bool _midLine;
    private bool _midThought;

    public void Print(JsonElement item)
    {
        if (json)
        {
            Console.Out.WriteLine(item.GetRawText());
            return;
        }

        switch (item.Text("kind"))
        {
            case "update" when item.Member("update") is { } update:
                PrintUpdate(update);
                break;
            case "notice":
                Note($"{item.Text("summary") ?? item.Text("notice")}");
                break;
            case "agent.exited":
                if (item.Text("signal") is { } signal) Note($"The agent ended on signal {signal}.");
                else if (item.Member("code") is { ValueKind: JsonValueKind.Number } code && code.GetInt32() != 0) Note($"The agent ended with exit code {code.GetInt32()}.");
                if (item.Text("stderr") is { Length: > 0 } stderr) Note(stderr.TrimEnd());
                break;
            case "turn.ended" when item.Text("error") is { } error:
                Note($"{item.Text("stopReason")}: {error}");
                break;
            case "turn.ended" when item.Text("stopReason") is { } reason and not "end_turn":
                Note(reason);
                break;
        }
    }

    /// <summary>The turn is over: what follows begins on a line of its own.</summary>
    public void End()
    {
        if (_midLine) Console.Out.WriteLine();
        if (_midThought) Console.Error.WriteLine();
        (_midLine, _midThought) = (false, false);
    }

    private void PrintUpdate(JsonElement update)
    {
        switch (update.Text("sessionUpdate"))
        {
            case "agent_message_chunk" when update.Member("content")?.Text("text") is { } text:
                Say(text);
                break;
            case "agent_thought_chunk" when update.Member("content")?.Text("text") is { } thought:
                Think(thought);
                break;
            case "tool_call" or "tool_call_update":
                Tool(update);
                break;
            case "plan":
                foreach (var entry in update.Members("entries")) Note($"{(entry.Text("status") == "completed" ? "☑" : "☐")} {entry.Text("content")}");
                break;
        }
    }

    private void Say(string text)
    {
        if (text.Length == 0) return;
        if (_midThought) Console.Error.WriteLine();
        Console.Out.Write(Console.IsOutputRedirected ? text : TerminalText.Clean(text));
        Console.Out.Flush();
        (_midLine, _midThought) = (text[^1] != '\n', false);
    }

    private void Think(string thought)
    {
        if (thought.Length == 0) return;
        if (_shared && _midLine) Console.Out.WriteLine();
        Console.Error.Write(TerminalText.Dim(thought));
        (_midLine, _midThought) = (_midLine && !_shared, thought[^1] != '\n');
    }

    private void Tool(JsonElement update)
    {
        if (update.Text("toolCallId") is not { } id) return;
        if (update.Text("title") is { } title && _tools.TryAdd(id, title)) Note($"• {TerminalText.Line(title, 200)}");
        var name = TerminalText.Line(_tools.GetValueOrDefault(id, id), 200);
        if (update.Text("status") is "completed") Note($"✔ {name}");
        else if (update.Text("status") is "failed") Note($"✘ {name}");
    }

    private void Note(string text)
    {
        if (_shared && _midLine)
        {
            Console.Out.WriteLine();
            _midLine = false;
        }

        if (_midThought) Console.Error.WriteLine();
        _midThought = false;
        Console.Error.WriteLine(TerminalText.Dim(text));
    }
}
