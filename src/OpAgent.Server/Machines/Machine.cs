using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OpAgent.Server.Machines;

/// <summary>A machine that the host knows.</summary>
internal sealed class Machine
{
    /// <summary>The host's own machine is always called so.</summary>
    public const string Local = "local";

    /// <summary>The id that the machine's runtime made on its first start.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }
    public required DateTimeOffset Added { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<Machine>
    {
        public void Configure(EntityTypeBuilder<Machine> builder)
        {
            builder.ToTable("machines");
            builder.Property(machine => machine.Id).HasMaxLength(64);
            builder.HasIndex(machine => machine.Name).IsUnique();
        }
    }
}
