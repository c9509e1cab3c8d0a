using OpAgent.Core.Problems;
using OpAgent.Protocol;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Processes;
using OpAgent.Runtime.Sessions;

namespace OpAgent.Runtime.Upgrades;

/// <summary>
/// Replaces this program by another one in the same process. Its agents, their pipes and the listening sockets stay; everything else is on the disk or in
/// the handover. Up to the switch itself everything can be taken back.
/// </summary>
internal sealed class Upgrader(
    RuntimeHome home, Candidate candidate, CallGate gate, ConversationStore conversations, ProcessSupervisor supervisor, DaemonSockets sockets, IHostApplicationLifetime lifetime,
    ILogger<Upgrader> logger)
{
    // Agents start and end while everything goes on; a standstill is felt by everybody.
    private static readonly TimeSpan ChangesLimit = TimeSpan.FromSeconds(60), StandstillLimit = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _one = new(1, 1);
    private Succession? _succession;
    private volatile bool _isStopping;

    /// <summary>True once somebody has asked the runtime to stop.</summary>
    public bool IsStopping
    {
        get => _isStopping || lifetime.ApplicationStopping.IsCancellationRequested;
        set => _isStopping = value;
    }

    /// <summary>Tells that this program has taken over.</summary>
    /// <param name="handover">Null where it could not be read.</param>
    public void Succeed(Succession succession, Handover? handover)
    {
        _succession = succession;
        var conversations = handover?.Conversations ?? [];
        UpgradesLog.TakenOver(logger, succession.From, RuntimeVersion.Text, conversations.Count(conversation => conversation.Session is not null), conversations.Count(conversation => conversation.Turn is not null));
    }

    /// <summary>Returns only where the switch has happened already, by this very command.</summary>
    /// <exception cref="ProblemException">This program stays, as it was; the message says why.</exception>
    public async Task<UpgradeReply> UpgradeAsync(string program, string command, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(command, out _)) throw KnownProblems.InvalidRequest.With($"'{command}' is not a UUID.");
        if (_succession?.Command == command) return new UpgradeReply { From = _succession.From, To = RuntimeVersion.Text };
        if (!await _one.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false)) throw Candidate.Refuse("Another upgrade is under way");
        try
        {
            RequireNotStopping();
            await candidate.ExamineAsync(program, cancellationToken).ConfigureAwait(false);
            throw await SwitchAsync(program, command, cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException refused)
        {
            UpgradesLog.Refused(logger, program, refused.Message);
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <returns>Why this program is still here.</returns>
    private async Task<Exception> SwitchAsync(string program, string command, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ChangesLimit);
        try
        {
            await Standstill.WaitForChangesAsync(conversations, limit.Token).ConfigureAwait(false);
            limit.CancelAfter(StandstillLimit);
            await gate.CloseAsync(limit.Token).ConfigureAwait(false);
            using var standstill = await Standstill.ReachAsync(conversations, supervisor, limit.Token).ConfigureAwait(false);
            RequireNotStopping();
            var (pid, ticks) = HandoverFile.Self();
            var handover = new Handover(Handover.CurrentFormat, pid, ticks, sockets.HandOver(), standstill.Conversations);
            HandoverFile.Write(home, handover);
            var descriptors = handover.Descriptors();
            var error = await supervisor.ReplaceProgramAsync(program, new Succession(descriptors, command, RuntimeVersion.Text).Arguments, descriptors).ConfigureAwait(false);
            HandoverFile.Delete(home);
            return Candidate.Refuse($"The switch failed: {error.Message}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Candidate.Refuse("A command that was running did not come to its end in time");
        }
        catch (TimeoutException busy)
        {
            return Candidate.Refuse($"{busy.Message.TrimEnd('.')}, and that did not come to an end in time. Try again later, or stop that conversation");
        }
        catch (IOException error)
        {
            return Candidate.Refuse($"The disk does not take what has to be written before: {error.Message.TrimEnd('.')}");
        }
        finally
        {
            gate.Open();
        }
    }

    private void RequireNotStopping()
    {
        if (IsStopping) throw Candidate.Refuse("The runtime is stopping");
    }
}
