using OpAgent.Core.Documents;

namespace OpAgent.Core.Bindings;

/// <summary>A binding's values as they are written in <c>workspace.yaml</c>.</summary>
public static class BindingText
{
    public static string Of(SandboxLevel level) => level switch
    {
        SandboxLevel.ReadOnly => "read-only",
        SandboxLevel.Workspace => "workspace",
        _ => "none",
    };

    public static string Of(NetworkAccess network) => network == NetworkAccess.On ? "on" : "off";

    /// <summary>A size in bytes, for example <c>2GiB</c>.</summary>
    public static string OfBytes(long bytes) => Quantity.WriteBytes(bytes);

    /// <summary>For example <c>30m</c>.</summary>
    public static string Of(TimeSpan time) => Quantity.WriteTime(time);
}
