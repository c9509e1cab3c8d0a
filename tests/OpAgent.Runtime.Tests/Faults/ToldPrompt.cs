namespace OpAgent.Runtime.Tests.Faults;

/// <summary>A prompt that was sent, and what its sender was told of it.</summary>
/// <param name="Command">The same for every try.</param>
/// <param name="Mark">What the agent says last, once, when it gets that far.</param>
internal sealed record ToldPrompt(string Command, string Script, string Mark, bool Queue)
{
    /// <summary>The turn, once the prompt was acknowledged.</summary>
    public string? Turn { get; set; }

    /// <summary>Why the last try was refused.</summary>
    public string? Refused { get; set; }

    /// <summary>True once its cancelling was acknowledged.</summary>
    public bool Cancelled { get; set; }
}
