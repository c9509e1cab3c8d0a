using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OpAgent.Server.Security;

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts");
        builder.HasIndex(account => account.NormalizedUserName).IsUnique();
        builder.Property(account => account.Role).HasConversion<string>();
        builder.Property(account => account.ConcurrencyStamp).IsConcurrencyToken();
        // What Identity also knows of a user, and nothing here asks for.
        builder.Ignore(account => account.Email).Ignore(account => account.NormalizedEmail).Ignore(account => account.EmailConfirmed)
            .Ignore(account => account.PhoneNumber).Ignore(account => account.PhoneNumberConfirmed).Ignore(account => account.TwoFactorEnabled);
    }
}
