Task("pack")
    .Description("Packs templates/ and content/ into artifacts/MLPortfolio.Templates.<version>.nupkg, the same bytes each time.")
    .Does(() => Pack.Must("dotnet", new[] { "pack", "TemplatePack.csproj", "-nologo", "-v", "q" }, Pack.Root,
        new Dictionary<string, string> { ["SOURCE_DATE_EPOCH"] = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH") ?? "1700000000" }));
