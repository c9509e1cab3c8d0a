using OpAgent.Hosting;

namespace OpAgent.Diagnosis;

/// <summary>The clock, by which sessions, tokens and schedules live.</summary>
internal static class ClockCheck
{
    private const string Name = "clock";
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    public static Finding Look(TimeProvider time) => Judge(time.GetUtcNow(), File.GetLastWriteTimeUtc(Environment.ProcessPath!), LibC.ClockIsKept());

    /// <param name="now">What the clock says.</param>
    /// <param name="built">When this program was made: it cannot be earlier.</param>
    /// <param name="isKept">A time service keeps it right.</param>
    internal static Finding Judge(DateTimeOffset now, DateTime built, bool isKept)
    {
        if (now < built - Tolerance)
            return Finding.Problem(Name, $"It is {now:yyyy-MM-dd HH:mm} here, before this program was made ({built:yyyy-MM-dd}): sessions, tokens and conversations get wrong times.", "Set the clock, and have a time service keep it: 'sudo timedatectl set-ntp true'.");
        return isKept
            ? Finding.Ok(Name, $"It is {now:yyyy-MM-dd HH:mm} UTC, and a time service keeps the clock.")
            : Finding.Warning(Name, $"It is {now:yyyy-MM-dd HH:mm} UTC, and no time service keeps the clock: it drifts away from other machines'.", "Have one keep it: 'sudo timedatectl set-ntp true', or install chrony.");
    }
}
