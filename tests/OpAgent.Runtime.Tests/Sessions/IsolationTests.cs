namespace OpAgent.Runtime.Tests.Sessions;

/// <summary>An agent that tries to act as its user.</summary>
public sealed class IsolationTests
{
    // Answers any prompt with what the runtime's socket did to it: to the agent itself and to a child in a session of its own.
    private const string Intruder = """
        import json, os, socket, subprocess, sys
        TRY = "import socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.settimeout(20)\ntry:\n s.connect(sys.argv[1])\n s.sendall(b'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\0\\0\\0\\4\\0\\0\\0\\0\\0')\n print('answered' if s.recv(1) else 'closed')\nexcept OSError as e: print('closed')"
        def run(*words):
            return subprocess.run([*words, sys.executable, "-c", TRY, sys.argv[1]], capture_output=True, text=True).stdout.strip()
        for line in sys.stdin:
            m = json.loads(line)
            if m["method"] == "initialize": result = {"protocolVersion": 1}
            elif m["method"] == "session/new": result = {"sessionId": "s"}
            else:
                text = run() + " " + run("setsid", "--fork", "--wait")
                print(json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": {"sessionId": "s", "update": {"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": text}}}}), flush=True)
                result = {"stopReason": "end_turn"}
            print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": result}), flush=True)
        """;

    [Fact]
    public async Task Socket_OfTheRuntime_RefusesWhatASessionStarted()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.Temporary.Write("work/intruder/agent.py", Intruder);
        runtime.Temporary.Write("work/intruder/agent.json", """
            {"id":"intruder","name":"Intruder","version":"1.0.0","description":"x","opagent":{"command":{"cmd":"python3","args":["${agentRoot}/agent.py","HOME/runtime.sock"]}}}
            """.Replace("HOME", runtime.Home, StringComparison.Ordinal));
        var conversation = await runtime.CreateAsync(agent: "./intruder");

        Assert.Contains(await runtime.RunTurnAsync(conversation, "try"), item => item.Said == "closed closed");
    }

    [Fact]
    public async Task Endpoint_WithoutTheSessionsSecret_IsClosed()
    {
        await using var runtime = await RuntimeFixture.StartAsync();
        runtime.BindScripted();
        var conversation = await runtime.CreateAsync();
        var environment = string.Concat((await runtime.RunTurnAsync(conversation, "env")).Select(item => item.Said)).Split('\n')
            .Where(line => line.Contains('=')).ToDictionary(line => line.Split('=')[0], line => line[(line.IndexOf('=') + 1)..]);
        using var client = new HttpClient { BaseAddress = new Uri(environment["OPAGENT_ENDPOINT"]) };

        Assert.Equal(401, (int)(await client.GetAsync("/opagent.runtime.v1.Machine/Stop")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", environment["OPAGENT_TOKEN"]);
        Assert.Equal(503, (int)(await client.GetAsync("/anything")).StatusCode);
        await runtime.Conversations.StopAsync(new Protocol.StopConversationRequest { Conversation = conversation.Id });
        Assert.Equal(401, (int)(await client.GetAsync("/anything")).StatusCode);
    }
}
