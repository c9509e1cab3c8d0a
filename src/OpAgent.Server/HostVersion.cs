using System.Reflection;

namespace OpAgent.Server;

/// <summary>The version of the program that runs.</summary>
public static class HostVersion
{
    public static string Text { get; } =
        typeof(HostVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
