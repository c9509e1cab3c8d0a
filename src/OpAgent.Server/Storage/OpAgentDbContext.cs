using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OpAgent.Server.Machines;
using OpAgent.Server.Security;
using OpAgent.Server.Workspaces;

namespace OpAgent.Server.Storage;

/// <summary><c>opagent.db</c>: the truth of what only the host knows. Each slice configures its own entities.</summary>
internal sealed class OpAgentDbContext(DbContextOptions<OpAgentDbContext> options) : DbContext(options)
{
    public DbSet<Realm> Realms => Set<Realm>();
    public DbSet<KnownMachine> Machines => Set<KnownMachine>();
    public DbSet<Workspace> Workspaces => Set<Workspace>();
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<OneTimeCode> Codes => Set<OneTimeCode>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(OpAgentDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    // SQLite cannot sort DateTimeOffset.
    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));
}
