namespace OpAgent.Runtime.Sessions;

/// <summary>Sizes of a journal.</summary>
internal sealed class JournalOptions
{
    /// <summary>When the file is larger, its older half is dropped.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Updates are handed to the operating system at the end of each batch the agent wrote, or when this many bytes wait.</summary>
    public int WriteBufferBytes { get; init; } = 256 * 1024;

    /// <summary>Events are kept at least this long after they were written, within <see cref="MaxBytes"/>.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);
}
