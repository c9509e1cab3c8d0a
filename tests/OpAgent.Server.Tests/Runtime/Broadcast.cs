using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OpAgent.Server.Tests.Runtime;

/// <summary>Sends items to all who listen.</summary>
internal sealed class Broadcast<T>
{
    private readonly Lock _gate = new();
    private readonly List<Channel<T>> _listeners = [];

    public int Listeners
    {
        get
        {
            lock (_gate) return _listeners.Count;
        }
    }

    public void Send(T item)
    {
        lock (_gate)
        {
            foreach (var listener in _listeners) listener.Writer.TryWrite(item);
        }
    }

    /// <summary>Ends the streams of all who listen.</summary>
    public void Fail(Exception error)
    {
        lock (_gate)
        {
            foreach (var listener in _listeners) listener.Writer.TryComplete(error);
        }
    }

    /// <summary>First what <paramref name="present"/> gives, then what is sent from now on.</summary>
    public async IAsyncEnumerable<T> ListenAsync(Func<IEnumerable<T>> present, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<T>();
        T[] first;
        lock (_gate)
        {
            _listeners.Add(channel);
            first = [.. present()];
        }

        try
        {
            foreach (var item in first) yield return item;
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken)) yield return item;
        }
        finally
        {
            lock (_gate) _listeners.Remove(channel);
        }
    }
}
