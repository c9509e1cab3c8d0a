using System.Globalization;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Upgrades;

/// <summary>
/// How a program learns that it goes on where another one in the same process stopped, from its arguments: <c>serve --handover DESCRIPTORS COMMAND FROM</c>.
/// What it needs even where the handover itself cannot be read is in here.
/// </summary>
/// <param name="Descriptors">What was left open for this program, separated by commas.</param>
/// <param name="Command">The caller's id of the command that brought the switch about.</param>
/// <param name="From">The version of the program before this one.</param>
internal sealed record Succession(string Descriptors, string Command, string From)
{
    public const string Argument = "--handover";

    public Succession(IEnumerable<int> descriptors, string command, string from) : this(string.Join(',', descriptors), command, from)
    {
    }

    /// <summary>The arguments of the program that succeeds.</summary>
    public IReadOnlyList<string> Arguments => ["serve", Argument, Descriptors, Command, From];

    /// <summary>Takes what was handed over. Where it cannot be read every agent is ended, and what they did is recovered as after a crash.</summary>
    public Handover? Begin(RuntimeHome home)
    {
        try
        {
            return HandoverFile.Take(home);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Console.Error.WriteLine($"opagent-runtime: {error.Message} Every session is ended; its conversation goes on with the next prompt.");
            ProcessSupervisor.KillAllChildren();
            // The lock of the home among them would keep this very program out.
            foreach (var descriptor in Descriptors.Split(',')) _ = LibC.close(int.Parse(descriptor, CultureInfo.InvariantCulture));
            return null;
        }
    }
}
