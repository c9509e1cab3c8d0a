using System.Net;
using System.Net.Http.Json;

namespace OpAgent.Server.Tests.Conversations;

public sealed class TurnTests
{
    [Fact]
    public async Task Prompt_OfAPerson_ReachesTheRuntimeUnderTheirName()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");

        var response = await host.Owner.PostAsJsonAsync($"conversations/{conversation.Id}/turns", new { text = "Hello", attachments = (string[])["a.md"] }, HostFixture.Cancellation);

        var accepted = await HostFixture.ReadAsync(response);
        var request = host.Runtime.Commands.Values.Single().Request;
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal((1, false), (accepted.GetProperty("seq").GetInt64(), accepted.GetProperty("queued").GetBoolean()));
        Assert.True(Guid.TryParse(accepted.GetProperty("turn").GetString(), out _));
        Assert.Equal(("Hello", "a.md", Environment.UserName), (request.Text, request.Attachments.Single(), request.By));
    }

    [Fact]
    public async Task Prompt_WithTheSameKey_HappensOnce()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");

        var replies = new List<string>();
        foreach (var _ in (int[])[1, 2])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"conversations/{conversation.Id}/turns") { Content = JsonContent.Create(new { text = "Hello" }), Headers = { { "Idempotency-Key", "k" } } };
            replies.Add((await HostFixture.ReadAsync(await host.Owner.SendAsync(request, HostFixture.Cancellation))).GetRawText());
        }

        Assert.Equal(replies[0], replies[1]);
        Assert.Single(host.Runtime.Commands);
    }

    [Fact]
    public async Task Prompt_WhileATurnRuns_IsRefusedUnlessItMayWait()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        (conversation.Turn, conversation.State) = (Guid.CreateVersion7().ToString(), "running");

        var refused = await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync($"conversations/{conversation.Id}/turns", new { text = "Hello" }, HostFixture.Cancellation));
        var queued = await host.PostAsync($"conversations/{conversation.Id}/turns", new { text = "Hello", queue = true });

        Assert.Equal((409, "turn-running"), (refused.Status, refused.Type));
        Assert.True(queued.GetProperty("queued").GetBoolean());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData(null)]
    public async Task Prompt_WithoutText_IsRefused(string? text)
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");

        var problem = await HostFixture.ProblemOf(host.Owner.PostAsJsonAsync($"conversations/{conversation.Id}/turns", new { text }, HostFixture.Cancellation));

        Assert.Equal((400, "invalid-request"), (problem.Status, problem.Type));
    }

    [Fact]
    public async Task Prompt_OfTenMegabytes_Arrives()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        var text = new string('x', 10_000_000);

        await host.PostAsync($"conversations/{conversation.Id}/turns", new { text });

        Assert.Equal(text, host.Runtime.Commands.Values.Single().Request.Text);
    }

    [Fact]
    public async Task Prompt_OfMoreThanSixteenMegabytes_IsRefused()
    {
        await using var host = await HostFixture.StartAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        using var body = new StringContent($"{{\"text\":\"{new string('x', 17 * 1024 * 1024)}\"}}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));

        var problem = await HostFixture.ProblemOf(host.Owner.PostAsync($"conversations/{conversation.Id}/turns", body, HostFixture.Cancellation));

        Assert.Equal((413, "request-too-large"), (problem.Status, problem.Type));
    }

    [Fact]
    public async Task CancelStopAndOptions_OfAConversation_AnswerWithHowItIsThen()
    {
        await using var host = await HostFixture.StartAsync();
        var workspace = await host.OpenAsync();
        var conversation = host.Runtime.Add("/srv/docs");
        (conversation.Turn, conversation.State) = (Guid.CreateVersion7().ToString(), "running");

        var cancelled = await host.PostAsync($"conversations/{conversation.Id}/cancel");
        var changed = await host.PostAsync($"conversations/{conversation.Id}/options", new { mode = "auto" });
        var stopped = await host.PostAsync($"conversations/{conversation.Id}/stop");

        Assert.Equal(("idle", workspace), (cancelled.GetProperty("state").GetString(), cancelled.GetProperty("workspace").GetString()));
        Assert.Equal(conversation.Id, changed.GetProperty("id").GetString());
        Assert.Equal("stopped", stopped.GetProperty("state").GetString());
    }
}
