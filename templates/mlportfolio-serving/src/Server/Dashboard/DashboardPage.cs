using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace PortfolioProject.Server;

/// <summary>
/// The dashboard: a page with its style and scripts, embedded in this assembly. "/" is the page, "/dashboard/NAME" each other file. Everything that it shows comes
/// from GET /api/status, and its content security policy allows no request to another host and no inline script or style.
/// </summary>
public static class DashboardPage
{
    private const string Folder = "dashboard/", Page = "index.html",
        Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> MediaTypes = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        var assembly = typeof(DashboardPage).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            var (bytes, type) = (Read(assembly, resource), MediaTypes[Path.GetExtension(resource)]);
            routes.MapGet(resource == Folder + Page ? "/" : "/" + resource, async (HttpContext context) =>
            {
                context.Response.Headers.ContentSecurityPolicy = Policy;
                context.Response.Headers.CacheControl = "no-cache";
                context.Response.ContentType = type;
                context.Response.ContentLength = bytes.Length;
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            }).ExcludeFromDescription();
        }
    }

    private static byte[] Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
