namespace OpAgent.EndToEnd.Browsing;

/// <summary>What a person looks at the page through.</summary>
internal sealed record Window(int Width, int Height, bool IsDark = false)
{
    public static readonly Window Desk = new(1440, 900);

    public static readonly Window Phone = new(390, 844);

    public static readonly IReadOnlyList<Window> All = [Desk, Phone, Desk with { IsDark = true }, Phone with { IsDark = true }];

    public bool IsPhone => Width < 720;

    public override string ToString() => $"{Width}-{(IsDark ? "dark" : "light")}";
}
