namespace OpAgent.Runtime.Sessions;

/// <summary>Sizes of a journal.</summary>
internal sealed class JournalOptions
{
    /// <summary>When the file is larger, its older half is dropped; nothing is dropped before, however old.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Updates are handed to the operating system at the end of each batch the agent wrote, or when this many bytes wait.</summary>
    public int WriteBufferBytes { get; init; } = 256 * 1024;

    /// <summary>While the disk takes nothing, so much waits in memory before further events are refused.</summary>
    public int MaxPendingBytes { get; init; } = 8 * 1024 * 1024;
}
