using OpAgent.Core.Documents;

namespace OpAgent.Core.Bindings;

/// <summary>Puts the line to a value that was read.</summary>
internal static class LocatedFields
{
    public static Located<T>? Locate<T>(this NodeFields fields, string key, T? value)
        where T : class =>
        value is null ? null : new Located<T>(value, fields.Find(key)!.Line);

    public static Located<T>? Locate<T>(this NodeFields fields, string key, T? value)
        where T : struct =>
        value is null ? null : new Located<T>(value.Value, fields.Find(key)!.Line);
}
