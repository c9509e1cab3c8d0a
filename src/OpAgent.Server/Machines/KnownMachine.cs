using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OpAgent.Server.Machines;

/// <summary>A machine that the host knows.</summary>
internal sealed class KnownMachine
{
    /// <summary>The id that the machine's runtime made on its first start.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }
    public required DateTimeOffset Added { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<KnownMachine>
    {
        public void Configure(EntityTypeBuilder<KnownMachine> builder)
        {
            builder.ToTable("machines");
            builder.Property(machine => machine.Id).HasMaxLength(64);
            builder.HasIndex(machine => machine.Name).IsUnique();
        }
    }
}
