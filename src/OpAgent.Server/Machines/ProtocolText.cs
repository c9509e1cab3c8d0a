namespace OpAgent.Server.Machines;

/// <summary>The runtime's contract has no null: what is absent is empty there.</summary>
internal static class ProtocolText
{
    public static string? NullIfEmpty(this string text) => text.Length == 0 ? null : text;
}
