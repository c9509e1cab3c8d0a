using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace OpAgent.Ui.Assets;

public static class AssetsSetup
{
    /// <summary>
    /// Serves the files in <c>wwwroot-assets</c> at <c>/assets</c>, to everybody: the page that asks who is there needs them. It belongs before authentication.
    /// An address with the version of <see cref="AssetAddress"/> is kept by the browser, any other is asked for again, by its ETag.
    /// </summary>
    public static void UseAssets(this IApplicationBuilder app) => app.UseAssets(AssetAddress.Directory);

    internal static void UseAssets(this IApplicationBuilder app, string directory) => app.Map(AssetAddress.Prefix, assets =>
    {
        // A page's route that takes any address may have been chosen already.
        assets.Use((context, next) =>
        {
            context.SetEndpoint(null);
            return next(context);
        });
        assets.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(directory),
            OnPrepareResponse = Prepare,
        });
        assets.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    });

    private static void Prepare(StaticFileResponseContext file)
    {
        var request = file.Context.Request;
        var isVersioned = request.Query["v"] is [{ } version] && version == AssetAddress.VersionOf(request.Path.Value!.TrimStart('/'));
        file.Context.Response.Headers.CacheControl = isVersioned ? "public, max-age=31536000, immutable" : "no-cache";
        file.Context.Response.Headers.XContentTypeOptions = "nosniff";
    }
}
