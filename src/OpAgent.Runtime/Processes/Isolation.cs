namespace OpAgent.Runtime.Processes;

/// <summary>The namespaces that a process gets of its own, with everything it starts.</summary>
/// <param name="Files">What it sees of the file system.</param>
/// <param name="Network">False: a network of its own, with nothing in it but loopback.</param>
internal sealed record Isolation(FileView Files, bool Network);
