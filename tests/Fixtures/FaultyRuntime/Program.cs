using OpAgent.FaultyRuntime;
using OpAgent.Runtime.Hosting;
using OpAgent.Runtime.Posix;

// The daemon on a disk that fails and by a clock that jumps when a line on standard input says so. Each line is answered with one that begins with "= ".
var (disk, clock) = (new FaultyDisk(), new SteppedClock());
new Thread(Obey) { IsBackground = true }.Start();
return ServeCommand.Run(RuntimeHome.DefaultPath(), disk, clock);

void Obey()
{
    while (Console.ReadLine() is { } line)
    {
        switch (line.Split(' '))
        {
            case ["arm", var operation, var number, var error, .. var rest]:
                disk.Arm(new Fault(Enum.Parse<DiskOperation>(operation), int.Parse(number), Enum.Parse<FaultKind>(error), Stays: rest is ["stay"]));
                Console.WriteLine("= armed");
                break;
            case ["heal"]:
                Console.WriteLine($"= {disk.Arm(null)}");
                break;
            case ["clock", var seconds]:
                clock.Offset = TimeSpan.FromSeconds(int.Parse(seconds));
                Console.WriteLine("= set");
                break;
        }
    }

    // Who gave the orders is gone.
    _ = LibC.kill(Environment.ProcessId, LibC.SIGKILL);
}
