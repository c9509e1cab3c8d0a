namespace OpAgent.Core.Bindings;

/// <summary>The keys of <c>workspace.yaml</c> that this version reads.</summary>
public static class BindingKeys
{
    public const string Agent = "agent";
    public const string Model = "model";
    public const string Mode = "mode";
    public const string Inherit = "inherit";

    internal static readonly string[] All = [Agent, Model, Mode, Inherit];
}
