namespace OpAgent.Runtime.Sessions;

/// <summary>How much an agent wrote to its stdout that is not protocol.</summary>
internal readonly record struct JunkOutput(long Lines, long Bytes);
