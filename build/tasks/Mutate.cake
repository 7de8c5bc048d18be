Task("mutate")
    .Description("Mutation testing of the shared libraries with Stryker.NET: hours on two cores; --project=Evidence and --mutate=<pattern> for a part. Writes tests/MUTATION.md.")
    .Does(() =>
    {
        var only = Argument("project", "");
        foreach (var (overlay, project) in new[] { ("evidence", "Evidence"), ("numerics", "Numerics") }.Where(p => only.Length == 0 || p.Item2 == only))
        {
            var output = System.IO.Path.Combine(Pack.Artifacts, "mutation", overlay);
            var arguments = new List<string> { "stryker", "--test-runner", "mtp", "--project", $"{project}.csproj", "--reporter", "json", "--reporter", "cleartext", "--skip-version-check", "--output", output };
            if (Argument("mutate", "") is { Length: > 0 } pattern)
            {
                arguments.AddRange(new[] { "--mutate", pattern });
            }

            Pack.Must("dotnet", arguments, System.IO.Path.Combine(Pack.Root, "content", overlay, "tests", $"{project}.Tests"));
            Mutants.Write(project, System.IO.Path.Combine(output, "reports", "mutation-report.json"));
        }
    });

/// <summary>The table of tests/MUTATION.md, a section a project, rendered from Stryker's report; files that a run left out keep their row.</summary>
static class Mutants
{
    private static readonly string File = System.IO.Path.Combine(Pack.Root, "tests", "MUTATION.md");

    public static void Write(string project, string report)
    {
        var lines = System.IO.File.ReadAllLines(File).ToList();
        var from = lines.FindIndex(l => l == $"## {project}");
        var to = lines.FindIndex(from + 1, l => l.StartsWith("## ")) is > 0 and var next ? next : lines.Count;
        var rows = lines.Skip(from).Take(to - from).Where(l => l.StartsWith("| `")).ToDictionary(l => l.Split('`')[1]);
        foreach (var (path, file) in JsonNode.Parse(System.IO.File.ReadAllText(report))!["files"]!.AsObject())
        {
            var counts = file!["mutants"]!.AsArray().GroupBy(m => (string)m!["status"]!).ToDictionary(g => g.Key, g => g.Count());
            int Of(params string[] statuses) => statuses.Sum(s => counts.GetValueOrDefault(s));
            var (killed, alive) = (Of("Killed", "Timeout"), Of("Survived", "NoCoverage"));
            if (killed + alive > 0)
            {
                var name = path.Replace('\\', '/').Split($"/{project}/").Last();
                rows[name] = $"| `{name}` | {killed} | {Of("Survived")} | {Of("NoCoverage")} | {(100.0 * killed / (killed + alive)).ToString("0", CultureInfo.InvariantCulture)} % | {DateTime.UtcNow:yyyy-MM-dd} |";
            }
        }

        var section = new[] { $"## {project}", "", "| file | killed | survived | not covered | score | run on |", "| --- | ---: | ---: | ---: | ---: | --- |" }
            .Concat(rows.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value)).Append("");
        System.IO.File.WriteAllText(File, string.Join('\n', lines.Take(from).Concat(section).Concat(lines.Skip(to))).TrimEnd('\n') + "\n");
    }
}
