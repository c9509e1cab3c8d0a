namespace OpAgent.FaultyRuntime;

/// <summary>What is asked of a disk; <see cref="Any"/> stands for all of it.</summary>
public enum DiskOperation
{
    Any,
    Create,
    Write,
    Truncate,
    Sync,
    Rename,
    Delete,
}

/// <summary>How an operation fails. A short write takes the first half; with <see cref="Death"/> the process is killed in the middle of it.</summary>
internal enum FaultKind
{
    BadDisk,
    FullDisk,
    ShortWrite,
    Death,
}

/// <summary>Which operation fails, counted from 1, and how.</summary>
/// <param name="Stays">All that come after it fail too.</param>
internal sealed record Fault(DiskOperation Operation, int Number, FaultKind Kind, bool Stays = false);
