using System.Globalization;
using System.Text.Json.Nodes;

/// <summary>Where things stand, and how the tests in tests/Pack.Tests are called.</summary>
static class Pack
{
    // Cake's working folder is build/.
    public static readonly string Root = System.IO.Path.GetFullPath(System.IO.Path.Combine(Environment.CurrentDirectory, ".."));
    public static readonly string Artifacts = System.IO.Path.Combine(Root, "artifacts");
    public static readonly string Ledger = System.IO.Path.Combine(Artifacts, "ledger");

    /// <summary>A path as the person who called build.sh meant it.</summary>
    public static string Given(string caller, string path) => System.IO.Path.GetFullPath(System.IO.Path.Combine(caller, path));

    /// <summary>Runs a program, its output on the console. Returns its exit code.</summary>
    public static int Run(string program, IEnumerable<string> arguments, string folder, IDictionary<string, string> environment = null)
    {
        var start = new System.Diagnostics.ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        using var process = System.Diagnostics.Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    public static void Must(string program, IEnumerable<string> arguments, string folder, IDictionary<string, string> environment = null)
    {
        var code = Run(program, arguments, folder, environment);
        if (code != 0)
        {
            throw new CakeException($"{program} {string.Join(' ', arguments)} exited {code}");
        }
    }
}

/// <summary>Runs the tests of some levels (all of them: none given), closes with the table of timings and with one line of counts.</summary>
void RunSuite(params string[] levels)
{
    var template = Argument("template", "");
    if (Argument("changed", "") is { Length: > 0 } since)
    {
        var changes = Changes.Since(since);
        if (!changes.IsEverything)
        {
            template = string.Join(",", changes.Templates);
            levels = changes.Levels.ToArray();
        }

        Console.WriteLine($"changed files: {changes.Files.Count}; tested: {(levels.Length > 0 ? string.Join(", ", levels) : "every level")} of {(template.Length > 0 ? template : "every template")}");
    }

    CleanDirectory(Pack.Ledger);
    var project = System.IO.Path.Combine(Pack.Root, "tests", "Pack.Tests");
    Pack.Must("dotnet", new[] { "build", "-nologo", "-v", "q" }, project);

    var report = System.IO.Path.Combine(Pack.Ledger, "pack.ctrf.json");
    var arguments = new List<string> { System.IO.Path.Combine("bin", "Debug", "net10.0", "Pack.Tests.dll"), "--no-progress", "--report-ctrf", "--report-ctrf-filename", "pack.ctrf.json", "--results-directory", Pack.Ledger };
    if (levels.Length > 0)
    {
        arguments.Add("--filter-trait");
        arguments.AddRange(levels.Select(l => $"Level={l}"));
    }

    var environment = new Dictionary<string, string> { ["MLPORTFOLIO_TEMPLATE"] = template };
    if (Argument("write", "") != "")
    {
        environment["MLPORTFOLIO_WRITE"] = "1";
    }

    var code = Pack.Run("dotnet", arguments, project, environment);
    PrintTimings();
    if (environment.ContainsKey("MLPORTFOLIO_WRITE") && levels.Length == 0 && template.Length == 0)
    {
        Figures.Write(System.IO.Path.Combine(Pack.Root, "README.md"), Rows);
    }

    foreach (var kept in Rows("kept.tsv"))
    {
        Console.WriteLine($"kept for {kept[1]}: cd {kept[0]}");
    }

    var counts = Counts(report);
    Console.WriteLine();
    Console.WriteLine(counts);
    System.IO.File.WriteAllText(System.IO.Path.Combine(Pack.Ledger, "counts.txt"), counts + "\n");
    if (code != 0)
    {
        throw new CakeException($"the tests exited {code}");
    }
}

/// <summary>What every suite counted, the generated repositories' own included.</summary>
string Counts(string report)
{
    if (!System.IO.File.Exists(report))
    {
        return "0 passed, 1 failed, 0 skipped";
    }

    var summary = JsonNode.Parse(System.IO.File.ReadAllText(report))!["results"]!["summary"]!;
    int passed = (int)summary["passed"]!, failed = (int)summary["failed"]!, skipped = (int)summary["skipped"]! + (int)(summary["pending"] ?? 0)!;
    foreach (var line in Rows("counts.tsv"))
    {
        passed += int.Parse(line[1]);
        failed += int.Parse(line[2]);
        skipped += int.Parse(line[3]);
        Console.WriteLine($"{line[0]}'s own tests: {line[1]} passed, {line[2]} failed, {line[3]} skipped");
    }

    foreach (var test in JsonNode.Parse(System.IO.File.ReadAllText(report))!["results"]!["tests"]!.AsArray().Where(t => (string)t!["status"]! == "skipped"))
    {
        Console.WriteLine($"skipped: {test!["name"]}: {test["extra"]?["reason"]}");
    }

    return $"{passed} passed, {failed} failed, {skipped} skipped";
}

IEnumerable<string[]> Rows(string file)
{
    var path = System.IO.Path.Combine(Pack.Ledger, file);
    return System.IO.File.Exists(path) ? System.IO.File.ReadLines(path).Select(l => l.Split('\t')) : Array.Empty<string[]>();
}

void PrintTimings()
{
    var rows = Rows("timings.tsv").ToList();
    if (rows.Count == 0)
    {
        return;
    }

    Console.WriteLine();
    Console.WriteLine("{0,-26} {1,-58} {2,8}", "template", "step", "seconds");
    foreach (var row in rows)
    {
        Console.WriteLine("{0,-26} {1,-58} {2,8}", row[0], row[1].Length > 58 ? row[1].Substring(0, 57) + "…" : row[1], row[2]);
    }

    Console.WriteLine("{0,-26} {1,-58} {2,8}", "", "in all", rows.Sum(r => double.Parse(r[2], CultureInfo.InvariantCulture)).ToString("0.0", CultureInfo.InvariantCulture));
}
