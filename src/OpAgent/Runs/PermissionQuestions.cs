using System.Collections.Concurrent;
using System.Text.Json;
using OpAgent.Client;
using OpAgent.Core.Problems;
using OpAgent.Core.Text;
using OpAgent.Server.Conversations;
using OpAgent.Terminal;

namespace OpAgent.Runs;

/// <summary>Asks the person at the terminal what the agent asks for. Whoever answers first, here or elsewhere, has decided.</summary>
/// <param name="client">Tells the host the answers.</param>
/// <param name="input">Where the person answers.</param>
/// <param name="directory">What paths are shown relative to.</param>
/// <param name="yes">Allow everything once, without asking.</param>
internal sealed class PermissionQuestions(HostClient client, InputLines input, string directory, bool yes)
{
    private readonly ConcurrentDictionary<string, (Task Answering, CancellationTokenSource End)> _open = [];
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Begins to ask; events go on meanwhile.</summary>
    public void Ask(JsonElement permission, CancellationToken cancellationToken)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var id = permission.Text("id")!;
        _open[id] = (AnswerAsync(id, permission, end.Token), end);
    }

    /// <summary>The request was answered or is of no interest any more.</summary>
    public async Task EndAsync(string? id)
    {
        if (id is null || !_open.TryRemove(id, out var question)) return;
        await question.End.CancelAsync();
        await question.Answering;
        question.End.Dispose();
    }

    public async Task EndAllAsync()
    {
        foreach (var id in _open.Keys) await EndAsync(id);
    }

    private async Task AnswerAsync(string id, JsonElement permission, CancellationToken cancellationToken)
    {
        try
        {
            await _oneAtATime.WaitAsync(cancellationToken);
            try
            {
                Show(permission);
                var offered = permission.Members("options").Select(option => option.Text("kind")).OfType<string>().ToHashSet();
                var answer = yes ? Offered(offered, "allow_once") : await ReadAnswerAsync(offered, cancellationToken);
                await client.PostAsync($"permissions/{id}", new PermissionAnswer(answer, null), cancellationToken);
            }
            finally
            {
                _oneAtATime.Release();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Somebody else was faster, or the turn is over.
        }
        catch (ProblemException exception)
        {
            Console.Error.WriteLine(TerminalText.Dim(exception.Message));
        }
    }

    private async Task<string> ReadAnswerAsync(HashSet<string> offered, CancellationToken cancellationToken)
    {
        while (true)
        {
            Console.Error.Write(offered.Contains("allow_always") ? "[y]es / [a]lways / [n]o? " : "[y]es / [n]o? ");
            var line = await input.ReadAsync(cancellationToken);
            switch (line?.Trim().ToLowerInvariant())
            {
                case "y" or "yes":
                    return Offered(offered, "allow_once");
                case "a" or "always" when offered.Contains("allow_always"):
                    return "allow_always";
                case "n" or "no":
                    return Offered(offered, "reject_once");
                case null:
                    Console.Error.WriteLine(InputLines.IsTerminal ? "no" : "no: nobody is there to ask. Use --yes to allow it.");
                    return Offered(offered, "reject_once");
            }
        }
    }

    // An agent may offer only the lasting form of an answer.
    private static string Offered(HashSet<string> offered, string once) =>
        !offered.Contains(once) && offered.Contains(once.Replace("once", "always")) ? once.Replace("once", "always") : once;

    private void Show(JsonElement permission)
    {
        var call = permission.Member("toolCall") ?? default;
        var diffs = call.Members("content").Where(content => content.Text("type") == "diff").ToList();
        var paths = call.Members("locations").Concat(diffs).Select(place => place.Text("path")).OfType<string>().Distinct();
        Console.Error.WriteLine();
        Console.Error.WriteLine(TerminalText.Bold($"The agent asks: {TerminalText.Line(call.Text("title") ?? call.Text("kind") ?? "permission", 200)}"));
        foreach (var path in paths) Console.Error.WriteLine(TerminalText.Clean(path));
        foreach (var diff in diffs)
        {
            var path = Path.GetRelativePath(directory, Path.Combine(directory, diff.Text("path") ?? ""));
            Console.Error.WriteLine(TerminalText.Clean(UnifiedDiff.Create(diff.Text("oldText"), diff.Text("newText") ?? "", path).TrimEnd()));
        }

        if (call.Member("rawInput") is { ValueKind: JsonValueKind.Object } raw && !call.Members("content").Any())
            Console.Error.WriteLine(TerminalText.Dim(TerminalText.Line(raw.GetRawText(), 2000)));
    }
}
