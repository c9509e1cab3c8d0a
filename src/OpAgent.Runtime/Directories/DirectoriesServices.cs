namespace OpAgent.Runtime.Directories;

internal static class DirectoriesServices
{
    public static IServiceCollection AddDirectories(this IServiceCollection services) => services
        .AddSingleton<WorkspaceRegistry>()
        .AddSingleton<BindingReader>()
        .AddSingleton<BindingWriter>();
}
