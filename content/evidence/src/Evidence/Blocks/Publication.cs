using System.Text.Json.Nodes;

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
        _portfolio = portfolio;
        var results = Path.Combine(portfolio.Root, RunStore.ResultsFolder);
        Kinds = Directory.Exists(results) ? [.. Directory.GetDirectories(results).Order(StringComparer.Ordinal).Where(f => !f.EndsWith(".new", StringComparison.Ordinal)).Select(Run.Load)] : [];
        Main = Kinds.FirstOrDefault(r => Path.GetFileName(r.Folder) == "main");
        (Decisions, Problems) = ([], []);
        foreach (var file in Decision.Files(portfolio.Root))
            try
            {
                Decisions.Add(Decision.Load(portfolio, file));
            }
            catch (UserError e)
            {
                Problems.Add(e);
            }

        _rendering = new(() => Prepare(Main!));
    }

    public IReadOnlyList<Run> Kinds { get; }

    public Run? Main { get; }

    public List<Decision> Decisions { get; }

    /// <summary>Decisions that cannot be read or computed.</summary>
    public List<UserError> Problems { get; }

    /// <summary>README.md and docs/**/*.md, relative to the root.</summary>
    public IReadOnlyList<string> Documents()
    {
        var docs = Path.Combine(_portfolio.Root, "docs");
        return [.. (Directory.Exists(docs) ? Directory.GetFiles(docs, "*.md", SearchOption.AllDirectories) : []).Append(Path.Combine(_portfolio.Root, "README.md"))
            .Where(File.Exists).Select(f => Repository.Relative(_portfolio.Root, f)).Order(StringComparer.Ordinal)];
    }

    /// <summary>A block's body as the published run gives it.</summary>
    public string Render(string name, string document)
    {
        if (Main is null)
            return Unmeasured;
        var model = (JsonObject)_rendering.Value.Model.DeepClone();
        model["decision"] = Decisions.FirstOrDefault(d => d.File == document) is { } decision ? Node(decision) : null;
        return _rendering.Value.Renderer.Render(name, model, document);
    }

    /// <summary>Makes a complete, whole run the evidence of its kind: replaces results/&lt;kind&gt; and renders all blocks. Returns the problems of decisions.</summary>
    public static IReadOnlyList<UserError> Pin(Portfolio portfolio, Run run)
    {
        if (!run.Manifest.Complete)
            throw new UserError("the run is unfinished", run.Folder, fix: "Finish it with --resume") { Code = ExitCode.Incomplete };
        if (run.Manifest.Shard is not null)
            throw new UserError($"the run is shard {run.Manifest.Shard}", run.Folder, fix: "Merge all shards, then pin the merged run");
        var target = Path.Combine(portfolio.Root, RunStore.ResultsFolder, run.Manifest.Kind);
        if (Directory.Exists(target + ".new"))
            Directory.Delete(target + ".new", recursive: true);
        var pinned = (run with { Folder = target + ".new" }).Write(portfolio.Measure(run));
        foreach (var (name, svg) in portfolio.Charts(run))
            TextFile.Write(Path.Combine(pinned.Folder, name), svg);
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Directory.Move(pinned.Folder, target);
        var publication = new Publication(portfolio);
        foreach (var document in publication.Documents())
        {
            var text = TextFile.Read(Path.Combine(portfolio.Root, document));
            var fresh = Block.Rewrite(text, document, name => publication.Render(name, document));
            if (fresh != text)
                TextFile.Write(Path.Combine(portfolio.Root, document), fresh);
        }

        return publication.Problems;
    }

    private (Renderer Renderer, JsonObject Model) Prepare(Run main)
    {
        var (metrics, latency) = (main.LoadMetrics(), LatencyTable.Measure(main.Timings));
        var headline = _portfolio.Metrics.Where(m => m.Headline).ToList();
        var compared = main.Variants.Where(v => _portfolio.BaselineVariant is not null && v != _portfolio.BaselineVariant).SelectMany(v => PairedComparison.Compare(
            new Operand(main, _portfolio.BaselineVariant).Cases, new Operand(main, v).Cases, headline, main.Manifest.Seed, _portfolio.Scope).Select(c => (Variant: v, Comparison: c)));
        var model = new JsonObject
        {
            ["run"] = RunJson.Node(main.Manifest),
            ["metrics"] = RunJson.Node(metrics)!["rows"]!.DeepClone(),
            ["latency"] = RunJson.Node(latency),
            ["comparisons"] = new JsonArray([.. compared.Select(c => With(RunJson.Node(c.Comparison)!, "variant", c.Variant))]),
            ["decisions"] = new JsonObject
            {
                ["count"] = Decisions.Count,
                ["owner"] = Decisions.Count(d => d.Header.Origin == Origin.Owner),
                ["template"] = Decisions.Count(d => d.Header.Origin == Origin.Template),
                ["items"] = new JsonArray([.. Decisions.Select(Node)]),
            },
            ["work"] = With(With(RunJson.Node(Repository.ReadInfo(_portfolio.Root))!, "data", WhoseData(main.Manifest)), "dataFiles", main.Manifest.Data.Count),
            ["kinds"] = new JsonObject(Kinds.Select(k => KeyValuePair.Create(k.Manifest.Kind, (JsonNode?)new JsonObject
            {
                ["run"] = RunJson.Node(k.Manifest),
                ["metrics"] = RunJson.Node(k.LoadMetrics())!["rows"]!.DeepClone(),
            }))),
        };
        foreach (var (key, value) in _portfolio.Model(main, metrics))
            model[key] = value?.DeepClone();
        return (new Renderer(_portfolio, metrics, latency), model);
    }

    /// <summary>"shipped" when data/SHIPPED.sha256 (as of sha256sum) lists every file that the run read, "own" when none, else "partly own".</summary>
    private string WhoseData(RunManifest run)
    {
        var list = Path.Combine(_portfolio.Root, "data", "SHIPPED.sha256");
        var shipped = File.Exists(list) ? TextFile.Read(list).Split('\n').Select(l => l.Split(' ')[0]).ToHashSet() : [];
        var count = run.Data.Count(d => shipped.Contains(d.Sha256));
        return count == 0 ? "own" : count == run.Data.Count ? "shipped" : "partly own";
    }

    private static JsonNode Node(Decision d)
    {
        var h = d.Header;
        return new JsonObject
        {
            ["number"] = d.Number,
            ["file"] = d.File,
            ["title"] = h.Title,
            ["date"] = h.Date.ToString("yyyy-MM-dd"),
            ["origin"] = h.Origin.ToString().ToLowerInvariant(),
            ["hypothesis"] = h.Hypothesis,
            ["changed"] = h.Changed,
            ["metric"] = h.Metric,
            ["before"] = h.Before,
            ["after"] = h.After,
            ["slice"] = h.Slice,
            ["effect"] = d.Effect is null ? null : RunJson.Node(d.Effect),
        };
    }

    private static JsonNode With(JsonNode node, string key, JsonNode value)
    {
        node[key] = value;
        return node;
    }
}
