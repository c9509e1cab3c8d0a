using System.Globalization;
using OpAgent.Core.Bindings;
using OpAgent.Protocol;

namespace OpAgent.Runtime.Directories;

/// <summary>Puts what holds for a directory into the protocol's form.</summary>
internal static class BindingMessage
{
    public static Protocol.ResolvedBinding Of(Core.Bindings.ResolvedBinding binding) => new()
    {
        Agent = Value(binding.Agent, agent => $"{agent}"),
        Model = Value(binding.Model, model => model),
        Mode = Value(binding.Mode, mode => mode),
        Sandbox = Value(binding.Sandbox, BindingText.Of),
        Network = Value(binding.Network, BindingText.Of),
        Limits = new Protocol.BindingLimits
        {
            Memory = Value(binding.Limits.Memory, BindingText.OfBytes),
            Processes = Value(binding.Limits.Processes, Number),
            OpenFiles = Value(binding.Limits.OpenFiles, Number),
            Turn = Value(binding.Limits.Turn, BindingText.Of),
            Idle = Value(binding.Limits.Idle, BindingText.Of),
            Output = Value(binding.Limits.Output, BindingText.OfBytes),
        },
    };

    private static BindingValue? Value<T>(Sourced<T>? value, Func<T, string> write) =>
        value is null ? null : new BindingValue { Value = write(value.Value), File = value.File, Line = value.Line };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
