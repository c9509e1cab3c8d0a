using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace OpAgent.Architecture.Tests;

/// <summary>The references in an assembly's metadata. The assembly is read, never loaded.</summary>
internal sealed class BuiltAssembly : IDisposable
{
    private readonly PEReader _image;
    private readonly MetadataReader _metadata;

    public BuiltAssembly(string path)
    {
        _image = new PEReader(File.OpenRead(path));
        _metadata = _image.GetMetadataReader();
    }

    /// <summary>Names of the assemblies that the code really uses.</summary>
    public IEnumerable<string> References =>
        _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name));

    /// <summary>Full names of the foreign types that the code uses.</summary>
    public IEnumerable<string> ForeignTypes => _metadata.TypeReferences.Select(handle =>
    {
        var type = _metadata.GetTypeReference(handle);
        return $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}";
    });

    public void Dispose() => _image.Dispose();
}
