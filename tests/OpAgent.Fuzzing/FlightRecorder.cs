using System.IO.MemoryMappedFiles;

namespace OpAgent.Fuzzing;

/// <summary>Holds the input that is being tried in a mapped file, which is still there when the input ends the whole process.</summary>
internal sealed class FlightRecorder : IDisposable
{
    private const int Capacity = 1024 * 1024;

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public FlightRecorder(string directory, string target)
    {
        Directory.CreateDirectory(directory);
        _path = Path.Combine(directory, $"{target}.running");
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Create, mapName: null, Capacity);
        _view = _file.CreateViewAccessor();
    }

    public void Record(byte[] input)
    {
        _view.Write(0, input.Length);
        _view.WriteArray(sizeof(int), input, 0, Math.Min(input.Length, Capacity - sizeof(int)));
    }

    /// <summary>The file goes with a run that came to its end.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
