using System.Globalization;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;
using OpAgent.Runtime.Sandboxes;
using OpAgent.Runtime.Upgrades;

const string Usage = """
    opagent-runtime: runs the agents of one machine and user.

      serve             serve the runtime home (OPAGENT_RUNTIME_HOME) until stopped
      serve --detach    make sure that a daemon serves it, then return
      attach            the same, then carry its socket over standard input and output
      upgrade PROGRAM   replace the daemon's program by another one; sessions and their turns go on
      stop              end every session and the daemon
      version           print the version
    """;


// Spares a change of threads for each read from a socket, and with it a part of the time from an agent's chunk to its viewer.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

// What our starter left open is not for the daemon, nor for agents.
_ = LibC.close_range(3, uint.MaxValue, LibC.CLOSE_RANGE_CLOEXEC);

try
{
    var home = RuntimeHome.DefaultPath();
    switch (args)
    {
        case ["serve"]:
            return ServeCommand.Run(home, Disk.Real, TimeProvider.System);
        case ["serve", Succession.Argument, var descriptors, var command, var from]:
            return ServeCommand.Run(home, Disk.Real, TimeProvider.System, new Succession(descriptors, command, from));
        case ["serve", "--detach"]:
            (await DetachedStart.ConnectAsync(RuntimeHome.Open(home), CancellationToken.None)).Dispose();
            return 0;
        case ["attach"]:
            return await AttachCommand.RunAsync(home, CancellationToken.None);
        case ["upgrade", var program]:
            return await UpgradeCommand.RunAsync(home, Path.GetFullPath(program), CancellationToken.None);
        case ["stop"]:
            return await StopCommand.RunAsync(home, CancellationToken.None);
        case ["relay", var port, var socket, var program, .. var arguments]:
            return await RelayCommand.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), socket, program, arguments);
        case ["version"]:
            Console.WriteLine(RuntimeVersion.Text);
            return 0;
        case ["version", SelfTest.Argument]:
            return await SelfTest.RunAsync(CancellationToken.None);
        default:
            await Console.Error.WriteLineAsync(Usage);
            return args is ["help" or "--help" or "-h"] ? 0 : 2;
    }
}
catch (IOException error)
{
    await Console.Error.WriteLineAsync($"opagent-runtime: {error.Message}");
    return 1;
}
