namespace OpAgent.Core.Bindings;

/// <summary>Whether an agent reaches the network, the strictest first.</summary>
public enum NetworkAccess
{
    Off,
    On,
}
