namespace OpAgent.Protocol;

/// <summary>The versions of the runtime contract that this build speaks, and the names both sides agree on.</summary>
public static class ProtocolVersion
{
    public const uint Minimum = 1;
    public const uint Maximum = 1;

    /// <summary>The trailer that carries a problem's stable type.</summary>
    public const string ProblemTrailer = "problem";

    /// <summary>The trailer of a call that ends because the runtime is replaced by a newer one in the same process: ask again at once.</summary>
    public const string ReplacedTrailer = "replaced";

    /// <summary>The largest message either side accepts: a prompt or an event of 16 MiB with room around it.</summary>
    public const int MaxMessageBytes = 64 * 1024 * 1024;

    /// <summary>HTTP/2 windows: with the defaults two unread uploads block an unrelated call on the same connection.</summary>
    public const int StreamWindowBytes = 256 * 1024;

    public const int ConnectionWindowBytes = 1024 * 1024 * 1024;

    public const int MaxStreams = 10_000;
}
