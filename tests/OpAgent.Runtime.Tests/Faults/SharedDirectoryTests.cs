using Grpc.Core;
using OpAgent.Core.Conversations;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Tests.Faults;

/// <summary>Two who want the same: hosts in one conversation, runtimes in one directory.</summary>
public sealed class SharedDirectoryTests
{
    private const int Rounds = 25;

    private static readonly string[] Answers = ["allow_once", "reject_once"];

    [Fact]
    public async Task TwoHosts_DrivingOneConversation_OneWinsEachAndBothSeeTheSame()
    {
        var random = Seed.Next();
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        using var channel = runtime.OpenChannel();
        Conversations.ConversationsClient[] hosts = [runtime.Conversations, new(channel)];
        var conversation = await runtime.CreateAsync();
        var accepted = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var replies = await BothAsync(hosts, (host, i) => host.StartTurnAsync(new StartTurnRequest { Command = $"{round}-{i}", Conversation = conversation.Id, Text = $"edit note.txt {round}\nsay {round}", By = $"host{i}" }).ResponseAsync, "turn-running");
            accepted.Add(replies.Turn);
            var asked = (await runtime.FollowUntilAsync(conversation, replies.Seq, item => item.Kind == "permission.requested"))[^1];
            var permission = asked.Data.GetProperty("permission").GetProperty("id").GetString()!;
            if (random.Next(3) == 0)
            {
                // Both may cancel: it has happened once.
                await Task.WhenAll(hosts.Select(host => host.CancelAsync(new CancelTurnRequest { Conversation = conversation.Id, By = "host" }).ResponseAsync));
            }
            else
            {
                var answer = await BothAsync(hosts, (host, i) => host.AnswerPermissionAsync(new AnswerPermissionRequest { Id = permission, Kind = Answers[i], By = $"host{i}" }).ResponseAsync, "permission-resolved");
                Assert.Equal($"host{Array.IndexOf(Answers, answer.Option)}", answer.By);
            }

            await runtime.FollowUntilAsync(conversation, asked.Seq, item => item.Kind == "turn.ended");
        }

        var last = (await runtime.Conversations.GetAsync(new GetConversationRequest { Id = conversation.Id })).Info.LastSeq;
        var seen = await Task.WhenAll(hosts.Select(host => EventsAsync(host, conversation, last)));
        Assert.Equal(seen[0].Select(item => item.Data), seen[1].Select(item => item.Data));
        Assert.Equal(Enumerable.Range(1, (int)last).Select(i => (long)i), seen[0].Select(item => item.Seq));
        Assert.Equal((Rounds, Rounds, Rounds), (Count("turn.started"), Count("turn.ended"), Count("permission.resolved")));
        Assert.Equal(accepted, ConversationMarkdown.Parse(runtime.ReadFile(conversation)).Conversation!.Turns.Where(part => !part.IsReply).Select(part => $"{part.Id}"));

        int Count(string kind) => seen[0].Count(item => item.Kind == kind);
    }

    [Fact]
    public async Task TwoRuntimes_OnOneDirectory_SecondIsBusyUntilTheFirstIsKilledAndTheFirstRecoversBesideIt()
    {
        await using var first = await RuntimeFixture.StartAsync();
        await using var second = await RuntimeFixture.StartAsync();
        first.BindScripted();
        var conversation = await first.CreateAsync();
        var interrupted = await first.StartTurnAsync(conversation, "say from the first\nhang");
        await first.FollowUntilAsync(conversation, 0, item => item.Said is not null);
        await second.Directories.OpenAsync(new OpenWorkspaceRequest { Path = first.Workspace, Trust = true });
        Assert.Equal("conversation-busy", await second.ProblemOf(() => second.StartTurnAsync(conversation, "say no")));

        await first.KillDaemonAsync();
        Assert.Equal("end_turn", (await second.RunTurnAsync(conversation, "say from the second"))[^1].StopReason);
        // It holds the conversation until its session ends, and the first waits with what it has to write.
        await first.StartDaemonAsync();
        Assert.Equal("conversation-busy", await first.ProblemOf(() => first.StartTurnAsync(conversation, "say not yet")));
        await second.Conversations.StopAsync(new StopConversationRequest { Conversation = conversation.Id });
        var turn = await first.StartTurnAsync(conversation, "say at last");
        var events = await first.FollowUntilAsync(conversation, 0, item => item.Kind == "turn.ended" && item.Turn == turn.Turn);

        Assert.Equal("interrupted", Assert.Single(events, item => item.Kind == "turn.ended" && item.Turn == interrupted.Turn).StopReason);
        var turns = ConversationMarkdown.Parse(first.ReadFile(conversation)).Conversation!.Turns;
        Assert.Equal(3, turns.Count(part => !part.IsReply));
        Assert.Equal(3, turns.Count(part => part.IsReply));
        Assert.Equal(6, turns.Select(part => (part.Id, part.IsReply)).Distinct().Count());
    }

    /// <summary>Both at the same time; one is answered, the other is told why not.</summary>
    private static async Task<T> BothAsync<T>(Conversations.ConversationsClient[] hosts, Func<Conversations.ConversationsClient, int, Task<T>> call, string problem)
        where T : class
    {
        var answers = await Task.WhenAll(hosts.Select(async (host, i) =>
        {
            try
            {
                return await call(host, i);
            }
            catch (RpcException refused) when (refused.Trailers.GetValue("problem") == problem)
            {
                return null;
            }
        }));
        return Assert.Single(answers, answer => answer is not null)!;
    }

    private static async Task<List<(long Seq, string Kind, string Data)>> EventsAsync(Conversations.ConversationsClient host, ConversationInfo conversation, long last)
    {
        using var call = host.Follow(new FollowRequest { Conversation = conversation.Id });
        var events = new List<(long, string, string)>();
        while (events.Count < last && await call.ResponseStream.MoveNext(RuntimeFixture.Cancellation)) events.Add((call.ResponseStream.Current.Seq, call.ResponseStream.Current.Kind, call.ResponseStream.Current.Data.ToStringUtf8()));
        return events;
    }
}
