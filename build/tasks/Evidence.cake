using System.Text.RegularExpressions;

Task("evidence")
    .Description("Generates the default repository, runs it, pins what ran, and brings back results/ and the bodies of evidence blocks. Never code.")
    .IsDependentOn("pack")
    .Does(() =>
    {
        var template = Argument("template", "mlportfolio-evalharness");
        var source = System.IO.Path.Combine(Pack.Root, "templates", template);
        var folder = System.IO.Directory.CreateTempSubdirectory("mlportfolio-evidence-").FullName;
        // A name that could be in no text by chance: evidence must not depend on what the product is called.
        const string name = "EvidenceProbeXyz";
        var repository = Scaffold(template, folder, name);
        void Cli(params string[] verb)
        {
            Console.WriteLine($"dotnet run --project src/Cli -- {string.Join(' ', verb)}");
            Pack.Must("dotnet", new[] { "run", "--project", "src/Cli", "--" }.Concat(verb), repository);
        }

        foreach (var job in Jobs(template))
        {
            Cli(job.Split(' '));
        }

        var kinds = System.IO.Directory.GetFiles(System.IO.Path.Combine(repository, "runs"), "run.json", System.IO.SearchOption.AllDirectories)
            .Select(f => (string)JsonNode.Parse(System.IO.File.ReadAllText(f))["kind"]).Distinct().OrderBy(k => k, StringComparer.Ordinal);
        Cli(kinds.Select(k => $"latest/{k}").Prepend("pin").ToArray());
        Cli("check");

        var brought = new List<string>();
        var results = System.IO.Path.Combine(repository, "results");
        var kept = System.IO.Path.Combine(source, "results");
        if (System.IO.Directory.Exists(kept))
        {
            System.IO.Directory.Delete(kept, recursive: true);
        }

        CopyDirectory(results, kept);
        brought.AddRange(System.IO.Directory.GetFiles(kept, "*", System.IO.SearchOption.AllDirectories));

        foreach (var generated in System.IO.Directory.GetFiles(repository, "*.md", System.IO.SearchOption.AllDirectories))
        {
            var relative = System.IO.Path.GetRelativePath(repository, generated);
            var bodies = Blocks(System.IO.File.ReadAllText(generated)).DistinctBy(b => b.Name).ToDictionary(b => b.Name, b => b.Body);
            var own = new[] { source, System.IO.Path.Combine(Pack.Root, "content", "evidence"), System.IO.Path.Combine(Pack.Root, "content", "common") }
                .Select(f => System.IO.Path.Combine(f, relative)).FirstOrDefault(System.IO.File.Exists);
            if (bodies.Count == 0 || own is null)
            {
                continue;
            }

            var text = System.IO.File.ReadAllText(own);
            var filled = Block.Replace(text, m => m.Groups["open"].Value + bodies[m.Groups["name"].Value] + m.Groups["close"].Value);
            if (filled != text)
            {
                System.IO.File.WriteAllText(own, filled);
                brought.Add(own);
            }
        }

        foreach (var file in brought)
        {
            var text = System.IO.File.ReadAllText(file);
            if (text.Contains(name, StringComparison.OrdinalIgnoreCase) || text.Contains(folder, StringComparison.Ordinal) || text.Contains("evidence-probe-xyz", StringComparison.Ordinal))
            {
                throw new CakeException($"{file} holds the product's name or the folder it ran in: evidence must be the same for every name");
            }

            Console.WriteLine(System.IO.Path.GetRelativePath(Pack.Root, file));
        }

        System.IO.Directory.Delete(folder, recursive: true);
    });

/// <summary>The verbs whose runs a template publishes.</summary>
static string[] Jobs(string template) => template switch
{
    "mlportfolio-evalharness" => new[] { "run", "poison" },
    "mlportfolio-replication" => new[] { "run", "run --paper grokking", "ablate all" },
    "mlportfolio-serving" => new[] { "run --once", "bench" },
    _ => new[] { "run" },
};

static readonly Regex Block = new(@"(?<open><!-- evidence:(?<name>[\w./-]+) -->\n)(?<body>.*?)(?<close><!-- /evidence -->)", RegexOptions.Singleline);

IEnumerable<(string Name, string Body)> Blocks(string text) => Block.Matches(text).Select(m => (m.Groups["name"].Value, m.Groups["body"].Value));
