namespace OpAgent.EndToEnd.Browsing;

/// <summary>Where tests leave what the page looked like.</summary>
internal static class Pictures
{
    public static readonly string Directory = System.IO.Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;
}
