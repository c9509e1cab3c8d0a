using OpAgent.Acp;

namespace OpAgent.Runtime.Sessions;

/// <summary>A session's modes, told by the agent as modes or as a configuration option of the category <c>mode</c>.</summary>
/// <param name="ConfigOption">The option's id where that is how the mode is set.</param>
internal sealed record AgentModes(string Current, IReadOnlyList<string> Available, string? ConfigOption)
{
    public static AgentModes None { get; } = new("", [], null);

    public static AgentModes Of(SessionState state)
    {
        var option = state.ConfigOptions?.OfType<SelectConfigOption>().FirstOrDefault(option => option.Category == SessionConfigOptionCategory.Mode);
        if (option is not null) return new AgentModes(option.CurrentValue, [.. option.Options.All.Select(choice => choice.Value)], option.Id);
        return state.Modes is { } modes ? new AgentModes(modes.CurrentModeId, [.. modes.AvailableModes.Select(mode => mode.Id)], null) : None;
    }
}
