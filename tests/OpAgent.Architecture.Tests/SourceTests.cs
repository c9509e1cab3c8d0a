using System.Text.RegularExpressions;

namespace OpAgent.Architecture.Tests;

public sealed partial class SourceTests
{
    [Fact]
    public void Tests_ThatWait_NeverSleep() => Rule.Holds(
        "A test that sleeps is slow, or fails on a slow machine. Wait for the condition itself, with the shared time limit; move time with a FakeTimeProvider:",
        Repository.CodeBelow("tests").SelectMany(file => file.Find(Sleep())));

    [Fact]
    public void Tests_ThatMissSomething_NeverSkip() => Rule.Holds(
        "A skipped test proves nothing. Install what it needs in tests/run.sh, or let it fail saying what is missing:",
        Repository.CodeBelow("tests").SelectMany(file => file.Find(Skip())));

    [Fact]
    public void LogCalls_InSources_GoThroughLoggerMessage() => Rule.Holds(
        "Write a [LoggerMessage] method in the folder's <Noun>Log.cs and call that:",
        Repository.CodeBelow("src").SelectMany(file => file.Find(LogCall())));

    [Fact]
    public void LoggerMessages_InSources_StandInLogFiles() => Rule.Holds(
        "[LoggerMessage] methods stand together in the folder's <Noun>Log.cs, where their ids can be seen to be numbered. Move it there:",
        Repository.CodeBelow("src").Where(file => !file.Name.EndsWith("Log.cs")).SelectMany(file => file.Find(LoggerMessageAttribute())));

    [Fact]
    public void Files_OfTheRepository_NameNoPathOfAMachine() => Rule.Holds(
        "The path exists on one machine only. Make it relative, find it from the environment, or use a made-up one below /home/alice or /srv:",
        Repository.Files.SelectMany(file => file.Find(MachinePath()).Concat(file.Find(OwnPath))));

    [Fact]
    public void Files_OfTheRepository_NameNoPackageRegistry() => Rule.Holds(
        "Where packages come from is the machine's setting. Name the package and leave its registry out:",
        Repository.Files.SelectMany(file => file.Find(RegistryHost())));

    /// <summary>Where this clone lies; a path of one name, as in a container, could be meant as an example.</summary>
    private static Regex OwnPath { get; } =
        new(Path.GetDirectoryName(Repository.Root) == "/" ? "(?!)" : Regex.Escape(Repository.Root) + @"(?![\w-])");

    [GeneratedRegex(@"\b(Task\s*\.\s*Delay|Thread\s*\.\s*Sleep)\s*\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\b(Fact|Theory)\s*\(.*\bSkip|\bAssert\s*\.\s*Skip")]
    private static partial Regex Skip();

    [GeneratedRegex(@"\.\s*(Log(Trace|Debug|Information|Warning|Error|Critical)\s*\(|Log\s*\(\s*LogLevel\b)")]
    private static partial Regex LogCall();

    [GeneratedRegex(@"\[\s*LoggerMessage\b")]
    private static partial Regex LoggerMessageAttribute();

    [GeneratedRegex(@"(?<![\w.~$}\]*-])/(root|Users)/\w|(?<![\w.~$}])/home/(?!(alice|bob|you)\b)\w|\b[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(nuget\.org|npmjs\.(org|com)|yarnpkg\.com|pypi\.org|pythonhosted\.org|deb\.debian\.org|archive\.ubuntu\.com|proxy\.golang\.org|goproxy\.\w+|crates\.io|jfrog\.io)\b", RegexOptions.IgnoreCase)]
    private static partial Regex RegistryHost();
}
