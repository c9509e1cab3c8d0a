using Microsoft.Win32.SafeHandles;
using OpAgent.Runtime.Files;
using OpAgent.Runtime.Posix;

namespace OpAgent.FaultyRuntime;

/// <summary>A disk of which one operation fails, or all from one on, until it is armed again.</summary>
internal sealed class FaultyDisk : Disk
{
    private const int EIO = 5;

    private readonly Lock _gate = new();
    private int[] _counts = new int[Enum.GetValues<DiskOperation>().Length];
    private Fault? _fault;

    /// <summary>Sets what fails from here on, counted anew; null for nothing.</summary>
    /// <returns>How many operations there were since the last time, by their number in <see cref="DiskOperation"/>.</returns>
    public string Arm(Fault? fault)
    {
        lock (_gate)
        {
            var counts = string.Join(' ', _counts);
            (_counts, _fault) = (new int[_counts.Length], fault);
            return counts;
        }
    }

    public override SafeFileHandle Open(string path, int flags, int mode)
    {
        if ((flags & LibC.O_CREAT) != 0) Pass(DiskOperation.Create);
        return base.Open(path, flags, mode);
    }

    public override SafeFileHandle OpenAt(SafeFileHandle directory, string name, int flags, int mode)
    {
        if ((flags & LibC.O_CREAT) != 0) Pass(DiskOperation.Create);
        return base.OpenAt(directory, name, flags, mode);
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        if (Next(DiskOperation.Write) is { } kind)
        {
            if (kind is FaultKind.ShortWrite or FaultKind.Death) base.Write(file, bytes[..(bytes.Length / 2)], offset);
            throw Fail(kind);
        }

        base.Write(file, bytes, offset);
    }

    public override void SetLength(SafeFileHandle file, long length)
    {
        Pass(DiskOperation.Truncate);
        base.SetLength(file, length);
    }

    public override void Sync(SafeFileHandle file)
    {
        Pass(DiskOperation.Sync);
        base.Sync(file);
    }

    public override void SyncData(SafeFileHandle file)
    {
        Pass(DiskOperation.Sync);
        base.SyncData(file);
    }

    public override void Rename(string from, string to)
    {
        Pass(DiskOperation.Rename);
        base.Rename(from, to);
    }

    public override void RenameAt(SafeFileHandle directory, string from, string to, uint flags)
    {
        Pass(DiskOperation.Rename);
        base.RenameAt(directory, from, to, flags);
    }

    public override void Delete(string path)
    {
        Pass(DiskOperation.Delete);
        base.Delete(path);
    }

    private void Pass(DiskOperation operation)
    {
        if (Next(operation) is { } kind) throw Fail(kind);
    }

    /// <summary>Counts an operation; how it fails, or null.</summary>
    private FaultKind? Next(DiskOperation operation)
    {
        lock (_gate)
        {
            _counts[(int)DiskOperation.Any]++;
            _counts[(int)operation]++;
            if (_fault is not { } fault || (fault.Operation != DiskOperation.Any && fault.Operation != operation)) return null;
            var number = _counts[(int)fault.Operation];
            return number == fault.Number || (fault.Stays && number > fault.Number) ? fault.Kind : null;
        }
    }

    private static PosixException Fail(FaultKind kind)
    {
        // The thread that sends itself this signal does not return from the call.
        if (kind == FaultKind.Death) _ = LibC.kill(Environment.ProcessId, LibC.SIGKILL);
        return new PosixException("the faulty disk", kind == FaultKind.BadDisk ? EIO : LibC.ENOSPC);
    }
}
