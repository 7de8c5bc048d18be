Task("demo")
    .Description("Packs, generates a template in a temporary folder (or in --output=<folder>) and runs its first command there.")
    .IsDependentOn("pack")
    .Does(() =>
    {
        var template = Argument("template", "mlportfolio-evalharness");
        var folder = Argument("output", "") is { Length: > 0 } output
            ? System.IO.Directory.CreateDirectory(Pack.Given(Argument("caller", "."), output)).FullName
            : System.IO.Directory.CreateTempSubdirectory("mlportfolio-demo-").FullName;
        var repository = Scaffold(template, folder, "ClinicalQa");
        Pack.Must("dotnet", new[] { "run", "--project", "src/Cli", "--" }.Concat(Jobs(template)[0].Split(' ')), repository);
        Console.WriteLine();
        Console.WriteLine($"The repository is {repository}");
    });

/// <summary>Generates a template from the packed package, in a template hive of its own. Returns the repository's folder.</summary>
string Scaffold(string template, string folder, string name)
{
    var hive = new Dictionary<string, string> { ["DOTNET_CLI_HOME"] = System.IO.Path.Combine(folder, ".home") };
    var package = GetFiles($"{Pack.Artifacts}/MLPortfolio.Templates.*.nupkg").Single().FullPath;
    Pack.Must("dotnet", new[] { "new", "install", package }, folder, hive);
    Pack.Must("dotnet", new[] { "new", template, "-n", name }, folder, hive);
    return System.IO.Path.Combine(folder, name);
}
