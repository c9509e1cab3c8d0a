namespace OpAgent.Server.Security;

/// <summary>Who the caller is.</summary>
/// <param name="Name">The name under which it appears in conversations.</param>
/// <param name="Role">Null for a caller without an account.</param>
/// <param name="Door">session, token or socket.</param>
/// <param name="Scopes">What it may do: read, converse, write, admin.</param>
public sealed record CallerView(string Name, AccountRole? Role, string Door, IReadOnlyList<string> Scopes);

/// <summary>What a request with a cookie carries when it changes something: as this header, or in a form as this field. The answer sets the cookie that belongs to it.</summary>
public sealed record AntiforgeryView(string Header, string Field, string Token);

/// <summary>Whether the host still waits for its owner.</summary>
public sealed record SetupView(bool Open);

/// <summary>How many sessions ended.</summary>
public sealed record EndedSessions(int Ended);

public sealed record SetupForm(string? Code, string? Name, string? Password);

public sealed record SignInForm(string? Name, string? Password);

public sealed record ResetForm(string? Name, string? Code, string? Password);

/// <param name="Current">The password until now.</param>
/// <param name="Password">The new one.</param>
public sealed record PasswordForm(string? Current, string? Password);

/// <summary>A person to make an account for.</summary>
public sealed record NewUser(string? Name);
