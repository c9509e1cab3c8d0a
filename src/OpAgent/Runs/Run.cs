using System.Text.Json;
using OpAgent.Client;
using OpAgent.Commands;
using OpAgent.Core.Problems;
using OpAgent.Server.Conversations;
using OpAgent.Terminal;

namespace OpAgent.Runs;

/// <summary>One prompt from the command line, from the directory to the exit code.</summary>
internal sealed class Run(CommandContext context)
{
    private const int LongestTitle = 60;

    public async Task<int> ExecuteAsync(RunRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Prompt)) throw KnownProblems.InvalidRequest.With("The prompt is empty: say what to ask.");
        using var input = new InputLines();
        var (workspace, path) = await new WorkspaceChoice(context, input).ChooseAsync(request, cancellationToken);
        var conversation = (await context.Client.PostAsync(
            $"workspaces/{workspace.Id}/conversations", new NewConversation(path, request.Agent, TitleOf(request.Prompt)), cancellationToken)).As<ConversationView>();
        using var interruption = new Interruption(() => context.Client.PostAsync($"conversations/{conversation.Id}/cancel", null, CancellationToken.None));
        var turn = (await context.Client.PostAsync(
            $"conversations/{conversation.Id}/turns", new NewTurn(request.Prompt, null, null), cancellationToken)).As<AcceptedTurn>();
        var exit = await FollowAsync(conversation, turn.Turn, new PermissionQuestions(context.Client, input, Path.Combine(workspace.Path, path), request.Yes), cancellationToken);
        context.Output.Hint(conversation.File);
        return exit;
    }

    private async Task<int> FollowAsync(ConversationView conversation, string turn, PermissionQuestions questions, CancellationToken cancellationToken)
    {
        var printer = new EventPrinter(context.Output.IsJson);
        await foreach (var item in new EventReader(context.Client, context.Data).ReadAsync(conversation.Id!, conversation.LastSeq, cancellationToken))
        {
            printer.Print(item);
            switch (item.Text("kind"))
            {
                case "permission.requested":
                    questions.Ask(item.GetProperty("permission"), cancellationToken);
                    break;
                case "permission.resolved":
                    await questions.EndAsync(item.Text("permission"));
                    break;
                case "turn.ended" when item.Text("turn") == turn:
                    await questions.EndAllAsync();
                    printer.End();
                    return ExitCode.ForTurn(item.Text("stopReason"), item.Text("error") is not null);
            }
        }

        throw KnownProblems.ConversationNotFound.With($"The conversation ended without the turn's end: look into {conversation.File}.");
    }

    private static string TitleOf(string prompt)
    {
        var line = TerminalText.Line(prompt, int.MaxValue);
        if (line.Length <= LongestTitle) return line;
        var cut = line.LastIndexOf(' ', LongestTitle);
        return line[..(cut > LongestTitle / 2 ? cut : LongestTitle)] + "…";
    }
}
