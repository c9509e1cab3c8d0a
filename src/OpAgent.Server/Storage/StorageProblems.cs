using OpAgent.Core.Problems;

namespace OpAgent.Server.Storage;

/// <summary>Why a host cannot keep its data, and so not start.</summary>
public static class StorageProblems
{
    public static readonly Problem DataNotUsable = new("data-not-usable", 500, "The data directory cannot be used");
    public static readonly Problem DatabaseNotUsable = new("database-not-usable", 500, "The database cannot be used");
}
