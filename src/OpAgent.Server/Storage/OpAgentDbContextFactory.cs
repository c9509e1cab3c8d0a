using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace OpAgent.Server.Storage;

/// <summary>For <c>dotnet ef migrations add</c>, which has no host to ask.</summary>
internal sealed class OpAgentDbContextFactory : IDesignTimeDbContextFactory<OpAgentDbContext>
{
    public OpAgentDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<OpAgentDbContext>().UseSqlite(OpAgentDatabase.ConnectionString("opagent.db")).Options);
}
