namespace OpAgent.Acp.Tests;

/// <summary>Tests that measure time or memory of the whole process run when no others do.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
