namespace OpAgent.Runtime.Tests.Faults;

/// <summary>What clients do to a conversation, whatever goes wrong meanwhile: turns, a question, prompts that wait, one of them taken back, output that is too long for the file.</summary>
internal static class History
{
    private const int LongOutput = 70_000;

    public static async Task RunAsync(ToldConversation conversation)
    {
        await conversation.PromptAsync("think hm\nsay größer\nchunks 20\nusage 10 100 0.5");
        await conversation.RestAsync();
        await conversation.PromptAsync($"edit {conversation.Id}.txt new");
        await conversation.PromptAsync($"tool t1 read Reading\ntool-done t1 {new string('x', LongOutput)}", queue: true);
        var withdrawn = await conversation.PromptAsync("say withdrawn", queue: true);
        await conversation.PromptAsync("chunks 5 2000", queue: true);
        await conversation.CancelAsync(withdrawn);
        await conversation.AllowAsync();
        await conversation.RestAsync();
        await conversation.PromptAsync("plan a;b\nsay after");
        await conversation.RestAsync();
    }
}
