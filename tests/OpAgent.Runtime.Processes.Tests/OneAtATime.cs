// Each test has a supervisor of its own, and every supervisor reaps whatever child of this process ends.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
