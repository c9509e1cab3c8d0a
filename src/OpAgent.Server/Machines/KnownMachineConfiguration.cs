using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OpAgent.Server.Machines;

internal sealed class KnownMachineConfiguration : IEntityTypeConfiguration<KnownMachine>
{
    public void Configure(EntityTypeBuilder<KnownMachine> builder)
    {
        builder.ToTable("machines");
        builder.Property(machine => machine.Id).HasMaxLength(64);
        builder.HasIndex(machine => machine.Name).IsUnique();
    }
}
