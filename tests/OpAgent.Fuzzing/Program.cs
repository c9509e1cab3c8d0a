using OpAgent.Fuzzing;
using OpAgent.Fuzzing.Targets;

// Feeds the parsers and the path resolver mutated input and checks what must hold of every input.
//   dotnet run --project tests/OpAgent.Fuzzing -c Release -- [target…] [--minutes N] [--seed N] [--crashes DIRECTORY]
var targets = new Func<IFuzzTarget>[] { () => new AcpLines(), () => new ConversationFiles(), () => new BindingFiles(), () => new WorkspacePaths() };
if (FuzzOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 2;
}

var findings = new Findings(options.Crashes);
foreach (var make in targets)
{
    var target = make();
    using (target as IDisposable)
    {
        if (options.Targets.Count == 0 || options.Targets.Contains(target.Name)) new FuzzRun(target, options, findings).Run();
    }
}

return findings.Count > 0 ? 1 : 0;
