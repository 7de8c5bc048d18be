Task("bench")
    .Description("Measures what the budgets speak of, with BenchmarkDotNet; --filter=<pattern> for some.")
    .Does(() => Pack.Must("dotnet", new[] { "run", "-c", "Release", "--project", "tests/Benchmarks", "--", "--filter", Argument("filter", "*"), "--artifacts", System.IO.Path.Combine(Pack.Artifacts, "bench") }, Pack.Root));
