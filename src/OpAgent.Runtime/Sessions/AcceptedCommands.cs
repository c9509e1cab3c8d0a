using System.Security.Cryptography;
using System.Text;
using OpAgent.Core.Problems;

namespace OpAgent.Runtime.Sessions;

/// <summary>The last prompts' command ids, so that one repeated after a lost reply is answered, not asked again.</summary>
internal sealed class AcceptedCommands
{
    private const int Capacity = 1000;

    private readonly Dictionary<string, (string Content, Guid Turn, long Seq)> _commands = [];
    private readonly Queue<string> _order = new();

    public void Add(Prompt prompt, long seq)
    {
        if (!_commands.TryAdd(prompt.Command, (ContentOf(prompt.Text, prompt.Attachments), prompt.Turn, seq))) return;
        _order.Enqueue(prompt.Command);
        if (_order.Count > Capacity) _commands.Remove(_order.Dequeue());
    }

    /// <exception cref="ProblemException">The id was used for another prompt.</exception>
    public (Guid Turn, long Seq)? Find(string command, string text, IEnumerable<string> attachments)
    {
        if (!_commands.TryGetValue(command, out var known)) return null;
        if (known.Content != ContentOf(text, attachments))
            throw KnownProblems.KeyReused.With("This Idempotency-Key was already used for another prompt of this conversation. Use a new one for each prompt.");
        return (known.Turn, known.Seq);
    }

    private static string ContentOf(string text, IEnumerable<string> attachments) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', attachments.Prepend(text)))));
}
