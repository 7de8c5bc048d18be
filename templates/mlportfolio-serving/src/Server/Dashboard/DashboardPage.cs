namespace PortfolioProject.Server;

/// <summary>
/// The dashboard: a page with its style and scripts, embedded in this assembly. "/" is the page, "/dashboard/NAME" each other file. Everything that it shows comes
/// from GET /api/status, and its content security policy allows no request to another host and no inline script or style.
/// </summary>
public static class DashboardPage
{
    private const string Folder = "dashboard/", Page = "index.html",
        Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> MediaTypes = new() { [".html"] = "text/html", [".css"] = "text/css", [".js"] = "text/javascript" };

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var name in typeof(DashboardPage).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            var (bytes, type) = (Resource(name), MediaTypes[Path.GetExtension(name)] + "; charset=utf-8");
            routes.MapGet(name == Folder + Page ? "/" : "/" + name, http =>
            {
                http.Response.Headers.ContentSecurityPolicy = Policy;
                http.Response.Headers.CacheControl = "no-cache";
                return Answer.Bytes(http, 200, type, bytes);
            });
        }
    }

    /// <summary>The bytes of an embedded file.</summary>
    internal static byte[] Resource(string name)
    {
        using var stream = typeof(DashboardPage).Assembly.GetManifestResourceStream(name)!;
        return new BinaryReader(stream).ReadBytes((int)stream.Length);
    }
}
