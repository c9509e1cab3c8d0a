using OpAgent.Runtime.Posix;

namespace OpAgent.Runtime.Hosting;

/// <summary>Says why a runtime home cannot be used, and what to do. Nothing in it was changed.</summary>
internal static class HomeRefusal
{
    /// <summary>What a person sets to have the home elsewhere: a host says itself where its runtime's is.</summary>
    private static string Variable => Environment.GetEnvironmentVariable("OPAGENT_HOST_DATA") is { Length: > 0 } ? "OPAGENT_DATA" : "OPAGENT_RUNTIME_HOME";

    public static IOException Because(string path, string reason, string remedy, Exception? inner = null) =>
        new($"The runtime home {path} cannot be used: {reason}. {remedy}, or set {Variable} to another directory.", inner);

    /// <summary>What the system said when something was to be made or written there.</summary>
    public static IOException Because(string path, Exception error) => (error is PosixException posix ? posix.Errno : error.HResult) switch
    {
        LibC.EROFS => Because(path, "its file system is read-only", "Mount it for writing", error),
        LibC.ENOSPC or LibC.EDQUOT => Because(path, "its disk is full, so that nothing could be kept there", "Free some space", error),
        _ when error is PathTooLongException => Because(path, "a name in it is longer than the system allows", "Choose a shorter one", error),
        _ when error is UnauthorizedAccessException => Because(path, "this user may not write there", "Start the runtime as the owner of the directory", error),
        _ => Because(path, error.Message.TrimEnd('.'), "Look what stands in the way there", error),
    };
}
