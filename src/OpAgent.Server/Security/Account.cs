using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Identity;

namespace OpAgent.Server.Security;

/// <summary>A person who may sign in.</summary>
internal sealed class Account : IdentityUser
{
    public required AccountRole Role { get; init; }

    public required DateTimeOffset Created { get; init; }

    public AccountView View() => new(UserName!, Role, Created, PasswordHash is not null);
}

/// <summary>What a person may do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AccountRole>))]
public enum AccountRole
{
    /// <summary>Everything but other people's accounts and tokens.</summary>
    [JsonStringEnumMemberName("member")]
    Member,

    /// <summary>Everything. The first account, and the only one of its kind.</summary>
    [JsonStringEnumMemberName("owner")]
    Owner,
}

/// <summary>A person who may sign in.</summary>
/// <param name="Active">False until the person has chosen a password.</param>
public sealed record AccountView(string Name, AccountRole Role, DateTimeOffset Created, bool Active);
