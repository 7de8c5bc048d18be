namespace MLPortfolio.PackTests;

/// <summary>A repository that `dotnet new` has just laid down.</summary>
internal sealed record GeneratedRepository(TemplateDefinition Template, string Folder, string Name)
{
    private static readonly string[] _built = ["bin", "obj", "runs", "TestResults", ".git"];

    /// <summary>Paths of its files, '/' separated and sorted; what building and running adds is left out.</summary>
    public IReadOnlyList<string> Files =>
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/'))
            .Where(f => !f.Split('/')[..^1].Any(_built.Contains))
            .Order(StringComparer.Ordinal),
    ];

    public string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    public bool Has(string path) => Path.Exists(Path.Combine(Folder, path));

    /// <summary>The solution's name, which is the product's namespace.</summary>
    public string Namespace => Path.GetFileNameWithoutExtension(Files.Single(f => f.EndsWith(".slnx", StringComparison.Ordinal) && !f.Contains('/')));
}
