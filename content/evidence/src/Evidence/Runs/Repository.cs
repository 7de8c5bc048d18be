namespace PortfolioProject.Evidence;

/// <summary>.mlportfolio.json: which template, in which version, under which name and with which options, made this repository.</summary>
public sealed record TemplateInfo(string Template, string Version, IReadOnlyDictionary<string, string>? Options = null, string? Name = null);

/// <summary>The generated repository on disk.</summary>
public static class Repository
{
    private const string Marker = ".mlportfolio.json";

    /// <summary>The nearest folder upwards from <paramref name="start"/> that holds .mlportfolio.json.</summary>
    public static string FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Marker))) return folder.FullName;
        throw new UserError("not inside the repository", start, expected: $"a folder with {Marker}, or one below it", fix: "cd into the repository first");
    }

    public static TemplateInfo ReadInfo(string root) => RunJson.Read<TemplateInfo>(Path.Combine(root, Marker));

    /// <summary>A path as runs record it: relative to the root, with '/'.</summary>
    internal static string Relative(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');
}
