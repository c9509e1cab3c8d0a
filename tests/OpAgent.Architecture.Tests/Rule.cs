namespace OpAgent.Architecture.Tests;

/// <summary>States a rule of the source tree.</summary>
internal static class Rule
{
    /// <summary>Fails with every place that breaks the rule, and with what to do about it.</summary>
    public static void Holds(string whatToDo, IEnumerable<string> violations)
    {
        var places = violations.Order(StringComparer.Ordinal).ToList();
        if (places.Count > 0) Assert.Fail($"{whatToDo}\n\n  {string.Join("\n  ", places)}\n");
    }
}
