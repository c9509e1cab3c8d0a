using System.Text;

namespace OpAgent.Acp;

/// <summary>A line from the peer that the connection could not use. Valid only during the call that hands it over.</summary>
/// <param name="bytes">The line without its line end.</param>
/// <param name="reason">Why it is junk.</param>
public readonly ref struct JunkLine(ReadOnlySpan<byte> bytes, JunkReason reason)
{
    /// <summary>The line without its line end; only its beginning when <see cref="Reason"/> is <see cref="JunkReason.TooLong"/>.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Why the line is junk.</summary>
    public JunkReason Reason { get; } = reason;

    /// <summary>The line as text; bytes that are not UTF-8 become U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);
}

/// <summary>Why a line was not used.</summary>
public enum JunkReason
{
    /// <summary>It is no JSON object, or none with a method or an answer in it.</summary>
    NotProtocol,

    /// <summary>It is longer than <see cref="AcpConnectionOptions.MaxLineBytes"/>.</summary>
    TooLong,

    /// <summary>It is a request while far more than <see cref="AcpConnectionOptions.MaxOpenRequests"/> wait for their answers.</summary>
    TooManyRequests,
}
