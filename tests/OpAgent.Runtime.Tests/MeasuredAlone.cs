namespace OpAgent.Runtime.Tests;

/// <summary>Tests that measure time or memory run when no others do.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
