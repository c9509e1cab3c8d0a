using System.Reflection;

namespace OpAgent.Runtime.Hosting;

/// <summary>The version of this program.</summary>
internal static class RuntimeVersion
{
    public static string Text { get; } = typeof(RuntimeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
