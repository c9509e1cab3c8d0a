namespace OpAgent.Benchmarks;

/// <summary>An agent that answers a prompt by printing a file as fast as the pipe takes it.</summary>
internal static class PrintingAgent
{
    /// <summary>Adds the agent to the workspace.</summary>
    /// <param name="lines">What the file holds.</param>
    /// <param name="times">How often a prompt prints it.</param>
    /// <returns>The file, and what to call the agent.</returns>
    public static (string File, string Agent) Add(HostUnderTest host, string name, IEnumerable<string> lines, int times = 1)
    {
        var package = host.AddAgent(name, $$"""
            file=$(dirname "$0")/lines
            read -r line
            echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":1} }'
            read -r line
            echo '{"jsonrpc":"2.0","id":2,"result":{"sessionId":"s"} }'
            id=3
            while read -r line; do
              for i in $(seq {{times}}); do cat "$file"; done
              echo "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"stopReason\":\"end_turn\"} }"
              id=$((id + 1))
            done
            """);
        var file = Path.Combine(package, "lines");
        using var writer = new StreamWriter(file) { NewLine = "\n" };
        foreach (var line in lines) writer.WriteLine(line);
        return (file, $"./{name}");
    }

    /// <summary>A message chunk of the session that the agent has.</summary>
    public static string Chunk(string text) =>
        $$$"""{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"agent_message_chunk","content":{"type":"text","text":"{{{text}}}"} } } }""";
}
