using OpAgent.Runtime.Processes;

namespace OpAgent.Runtime.Sessions;

internal sealed partial class ConversationStore
{
    private int _recovering;

    /// <summary>True while conversations are being made again after a crash.</summary>
    public bool IsRecovering => Volatile.Read(ref _recovering) > 0;

    /// <summary>Makes the conversations again that the program before this one handed over. One for which that fails is recovered as after a crash.</summary>
    public void Restore(IReadOnlyList<ConversationHandover> handovers) => Parallel.ForEach(handovers, Restore);

    /// <summary>Goes on with what was handed over.</summary>
    public void GoOnRestored()
    {
        foreach (var conversation in _loaded.Values) conversation.GoOnRestored();
    }

    private void Restore(ConversationHandover handover)
    {
        var held = handover.Lock is { } file ? ConversationLock.Adopt(file) : null;
        try
        {
            var record = ReadRecord(handover.Id) ?? throw new IOException("Its workspace is not open any more.");
            _loaded[handover.Id] = LiveConversation.Restore(context, record, handover, held);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            SessionsLog.NotRestored(context.Logger, handover.Id, error);
            held?.Dispose();
            // Nobody would hear the agent any more.
            if (handover.Session is { } session) ProcessSupervisor.KillChild(session.Child);
        }
    }
}
