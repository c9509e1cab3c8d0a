namespace OpAgent.Runtime.Sessions;

/// <summary>One line of a journal as a follower gets it.</summary>
/// <param name="Kind">The event's kind, for example <c>update</c>.</param>
/// <param name="Data">The whole line without its newline: a JSON object.</param>
internal readonly record struct JournalEvent(long Seq, string Kind, ReadOnlyMemory<byte> Data);
