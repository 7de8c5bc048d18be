namespace PortfolioProject.Evidence;

/// <summary>What is published: the pinned runs, the decisions that rest on them, and the documents that quote them.</summary>
internal sealed class Publication
{
    /// <summary>What every block reads until a run is pinned.</summary>
    public const string Unmeasured = "*not measured: `dotnet run --project src/Cli`, then `dotnet run --project src/Cli -- pin latest`*\n";

    private readonly Portfolio _portfolio;
    private readonly Lazy<(Renderer Renderer, JsonObject Model)> _rendering;

    public Publication(Portfolio portfolio)
    {
        (_portfolio, _rendering) = (portfolio, new(() => Prepare(Main!)));
        var results = Path.Combine(portfolio.Root, RunStore.ResultsFolder);
        Kinds = Directory.Exists(results) ? [.. Directory.GetDirectories(results).Where(f => !f.EndsWith(".new")).Order(StringComparer.Ordinal).Select(Run.Load)] : [];
        Main = Kinds.FirstOrDefault(r => Path.GetFileName(r.Folder) == "main");
        foreach (var file in Decision.Files(portfolio.Root))
            try { Decisions.Add(Decision.Load(portfolio, file)); }
            catch (UserError e) { Problems.Add(new(Severity.Error, Repository.Relative(portfolio.Root, file), e.Message)); }
    }

    public IReadOnlyList<Run> Kinds { get; }

    public Run? Main { get; }

    public List<Decision> Decisions { get; } = [];

    /// <summary>Decisions that cannot be read or computed.</summary>
    public List<Finding> Problems { get; } = [];

    /// <summary>README.md and docs/**/*.md, relative to the root.</summary>
    public IReadOnlyList<string> Documents => [.. new[] { "README.md" }.Where(f => File.Exists(Path.Combine(_portfolio.Root, f))).Concat(
        Path.Combine(_portfolio.Root, "docs") is var docs && Directory.Exists(docs) ? Directory.GetFiles(docs, "*.md", SearchOption.AllDirectories)
            .Select(f => Repository.Relative(_portfolio.Root, f)).Order(StringComparer.Ordinal) : [])];

    /// <summary>A block's body as the published run gives it.</summary>
    public string Render(string name, string document)
    {
        if (!File.Exists(Path.Combine(_portfolio.Root, "docs", "blocks", name + ".hbs")))
            throw new UserError($"no template for evidence block \"{name}\"", document, fix: $"Write docs/blocks/{name}.hbs or remove the block");
        if (Main is null) return Unmeasured;
        var model = _rendering.Value.Model;
        model["decision"] = Decisions.FirstOrDefault(d => d.File == document) is { } decision ? Node(decision) : null;
        return _rendering.Value.Renderer.Render(name, model);
    }

    /// <summary>Makes a complete, whole run the evidence of its kind: replaces results/&lt;kind&gt; with it and its charts.</summary>
    public static void Pin(Portfolio portfolio, Run run)
    {
        if (!run.Manifest.Complete) throw new UserError("the run is unfinished", run.Folder, fix: "Finish it with --resume") { Code = ExitCode.Incomplete };
        if (run.Manifest.Shard is not null) throw new UserError($"the run is shard {run.Manifest.Shard}", run.Folder, fix: "Merge all shards, then pin the merged run");
        if (run.Manifest.CasesSha256 is not null && !run.HoldsWhatWasWritten) throw new UserError("cases.jsonl is not what the run wrote", run.Folder, fix: "Run again");
        var target = Path.Combine(portfolio.Root, RunStore.ResultsFolder, run.Manifest.Kind);
        if (Directory.Exists(target + ".new")) Directory.Delete(target + ".new", recursive: true);
        (run with { Folder = target + ".new" }).Write(portfolio.Measure(run));
        foreach (var (name, svg) in portfolio.Charts(run)) TextFile.Write(Path.Combine(target + ".new", name), svg);
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        Directory.Move(target + ".new", target);
    }

    /// <summary>Renders every block of every document.</summary>
    public void RenderAll()
    {
        foreach (var document in Documents)
        {
            var (file, text) = (Path.Combine(_portfolio.Root, document), TextFile.Read(Path.Combine(_portfolio.Root, document)));
            if (Block.Rewrite(text, document, name => Render(name, document)) is var fresh && fresh != text) TextFile.Write(file, fresh);
        }
    }

    private (Renderer Renderer, JsonObject Model) Prepare(Run main)
    {
        var (metrics, latency, baseline) = (main.LoadMetrics(), LatencyTable.Measure(main.Timings), new Operand(main, _portfolio.BaselineVariant));
        var compared = main.Variants.Where(v => baseline.Variant is not null && v != baseline.Variant).SelectMany(v => PairedComparison.Compare(baseline.Cases,
            new Operand(main, v).Cases, [.. _portfolio.Metrics.Where(m => m.Headline)], main.Manifest.Seed, _portfolio.Scope).Select(c => With(RunJson.Node(c), "variant", v)));
        var shipped = Path.Combine(_portfolio.Root, "data", "SHIPPED.sha256") is var list && File.Exists(list) ? TextFile.Read(list) : "";
        var fromTemplate = main.Manifest.Data.Count(d => shipped.Contains(d.Sha256));
        var model = new JsonObject
        {
            ["run"] = RunJson.Node(main.Manifest),
            ["metrics"] = RunJson.Node(metrics)["rows"]!.DeepClone(),
            ["latency"] = RunJson.Node(latency),
            ["comparisons"] = new JsonArray([.. compared]),
            ["decisions"] = new JsonObject
            {
                ["count"] = Decisions.Count,
                ["owner"] = Decisions.Count(d => d.Header.Origin == Origin.Owner),
                ["template"] = Decisions.Count(d => d.Header.Origin == Origin.Template),
                ["items"] = new JsonArray([.. Decisions.Select(Node)]),
            },
            ["work"] = With(With(RunJson.Node(Repository.ReadInfo(_portfolio.Root)), "dataFiles", main.Manifest.Data.Count),
                "data", fromTemplate == 0 ? "own" : fromTemplate == main.Manifest.Data.Count ? "shipped" : "partly own"),
        };
        foreach (var (key, value) in _portfolio.Model(main, metrics)) model[key] = value?.DeepClone();
        return (new Renderer(_portfolio, metrics, latency), model);
    }

    /// <summary>The front matter's own keys, and number, file and effect.</summary>
    private static JsonNode Node(Decision d) =>
        With(With(With(StrictYaml.CanonicalNode(d.Header), "number", d.Number), "file", d.File), "effect", d.Effect is null ? null : RunJson.Node(d.Effect));

    private static JsonNode With(JsonNode node, string key, JsonNode? value)
    {
        node[key] = value;
        return node;
    }
}
