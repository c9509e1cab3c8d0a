using System.Text;

namespace OpAgent.Runtime.Processes;

/// <summary>The last lines that a process wrote to stderr, in bounded memory.</summary>
internal sealed class OutputTail(int capacity = OutputTail.DefaultCapacity)
{
    public const int DefaultCapacity = 16 * 1024;

    private readonly byte[] _ring = new byte[capacity];
    private readonly Lock _gate = new();
    private long _total, _collected;

    /// <summary>A tail that goes on after what another one held.</summary>
    public OutputTail(ReadOnlySpan<byte> kept) : this() => Append(kept);

    /// <summary>How many bytes were read from the stream.</summary>
    public long Collected => Interlocked.Read(ref _collected);

    /// <summary>Reads the stream to its end. Never fails: what cannot be read is not there.</summary>
    public async Task CollectAsync(Stream stream)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var count)
            {
                Append(buffer.AsSpan(0, count));
                Interlocked.Add(ref _collected, count);
                // A process that writes without end would keep a thread of the pool to itself.
                await Task.Yield();
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>The tail as text, from the beginning of a line where something was dropped before it.</summary>
    public override string ToString() => Encoding.UTF8.GetString(ToArray()).Replace('\0', '\uFFFD').TrimEnd();

    /// <summary>The tail as it was written, from the beginning of a line where something was dropped before it.</summary>
    public byte[] ToArray()
    {
        byte[] bytes;
        bool cut;
        lock (_gate)
        {
            cut = _total > _ring.Length;
            var start = cut ? (int)(_total % _ring.Length) : 0;
            bytes = [.. _ring.AsSpan(start, (int)Math.Min(_total, _ring.Length) - start), .. _ring.AsSpan(0, start)];
        }

        var lineEnd = bytes.AsSpan().IndexOf((byte)'\n');
        return cut && lineEnd >= 0 && lineEnd < bytes.Length - 1 ? bytes[(lineEnd + 1)..] : bytes;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var kept = bytes.Length > _ring.Length ? bytes[^_ring.Length..] : bytes;
            _total += bytes.Length - kept.Length;
            foreach (var item in kept) _ring[_total++ % _ring.Length] = item;
        }
    }
}
