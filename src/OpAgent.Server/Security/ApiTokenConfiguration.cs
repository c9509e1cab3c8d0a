using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OpAgent.Server.Security;

internal sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("api_tokens");
        builder.HasIndex(token => token.Hash).IsUnique();
        // What every token could do before there were scopes.
        builder.Property(token => token.Scopes).HasDefaultValue(ScopeSets.Usual).HasSentinel(Scope.None);
        // No foreign key: SQLite adds one only by making the table anew, which no transaction holds. A token whose account is gone opens nothing.
        builder.HasIndex(token => token.AccountId);
    }
}
