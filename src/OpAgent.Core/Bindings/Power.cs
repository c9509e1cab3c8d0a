namespace OpAgent.Core.Bindings;

/// <summary>What an agent may do and use up. Of two values of a power the smaller is the stricter.</summary>
internal static class Power
{
    /// <summary>The stricter of what holds above and what the file says. Of two that are the same, the upper file's has decided.</summary>
    public static Sourced<T>? Narrow<T>(Sourced<T>? above, Located<T>? own, BindingFile file)
        where T : struct =>
        own is null || (above is not null && Comparer<T>.Default.Compare(above.Value, own.Value) <= 0) ? above : new Sourced<T>(own.Value, file.File, own.Line);
}
