using System.Text.Json.Nodes;

namespace PortfolioProject.Evidence.Tests;

/// <summary>A small repository in a temporary folder: three systems, 60 questions from 20 documents, two blocks, a decision and a gate.</summary>
internal sealed class Sample : IDisposable
{
    public static readonly MetricDefinition[] Metrics =
    [
        new("accuracy", "Accuracy", "share", Direction.Higher, "all questions", "1 if right, else 0") { Headline = true },
        new("cost", "Cost", "points", Direction.Lower, "all questions", "points lost"),
        new("length", "Length", "words", Direction.None, "all questions", "words in the answer"),
    ];

    public Sample(bool pinned = true)
    {
        Root = Directory.CreateTempSubdirectory("evidence-").FullName;
        Write(".mlportfolio.json", "{\"template\":\"sample\",\"version\":\"1.2.3\",\"options\":{\"license\":\"mit\"}}");
        Write("data/questions.jsonl", "{}\n");
        Write("data/DATASHEET.md", "# Data\n");
        Write("configs/gates.yaml", "gates:\n  - {metric: accuracy, variant: good, margin: 0.05}\n");
        Write("README.md", "# Sample\n\n<!-- evidence:headline -->\nold\n<!-- /evidence -->\n\nprose\n\n```md\n<!-- evidence:not-a-block -->\n```\n");
        Write("docs/blocks/headline.hbs", "Accuracy {{metric \"accuracy\" \"good\"}} over {{num run.cases 0}} cases, {{decisions.owner}} of {{decisions.count}} decisions, data {{work.data}}.\n"
            + "{{#each (rows \"accuracy\")}}\n- {{variant}}: {{num value 2}} {{interval this 2}}\n{{/each}}\n");
        Write("docs/blocks/effect.hbs", "{{signed decision.effect.difference}} {{interval decision.effect}}: {{verdict decision.effect}}\n");
        Write("docs/decisions/0001-read-twice.md", Decision());
        if (pinned) Pin(Evaluate());
    }

    public string Root { get; }

    public Portfolio Portfolio => new()
    {
        Root = Root,
        Metrics = Metrics,
        Measure = run => MetricTable.Measure(run.Cases, Metrics, run.Manifest.Seed, new() { Slices = ["type"], Resamples = 500, NullVariants = new HashSet<string> { "null" } }),
        Charts = run => new Dictionary<string, string>
        {
            ["accuracy.svg"] = DotPlot.Render(new ChartText("Accuracy", "By system", "accuracy (share)"),
                [.. run.LoadOrMeasure(Metrics).Rows.Where(r => r is { Name: "accuracy", Slice: null }).Select(r => new DotRow(r.Variant, r.Value, r.Interval))]),
        },
        BaselineVariant = "null",
    };

    public static string Decision(string metric = "accuracy", string before = "results/main:null", string after = "results/main:good") =>
        $"---\ntitle: Read twice\ndate: 2026-11-21\norigin: owner\nhypothesis: It helps\nchanged: reader\nmetric: {metric}\nbefore: {before}\nafter: {after}\n---\n\n<!-- evidence:effect -->\n<!-- /evidence -->\n";

    /// <summary>Case q00 … q59; a system is right with the chance given, by a stream of its own.</summary>
    public static IEnumerable<CaseRecord> Cases(double good = 0.8, Func<int, bool>? unscored = null)
    {
        foreach (var (k, (variant, chance)) in new[] { ("fair", 0.6), ("good", good), ("null", 0.1) }.Index())
        {
            var stream = new RandomStream(k, 1);
            for (var i = 0; i < 60; i++)
            {
                var right = stream.Unit() < chance ? 1.0 : 0.0;
                var skip = unscored?.Invoke(i) == true;
                yield return new CaseRecord
                {
                    Case = $"q{i:00}",
                    Variant = variant,
                    Cluster = $"d{i % 20:00}",
                    Outcome = right == 1 ? "Correct" : "Incorrect",
                    Tags = new Dictionary<string, string> { ["type"] = i % 3 == 0 ? "numeric" : "text", ["split"] = "test" },
                    Values = skip ? new() : new Dictionary<string, double> { ["cost"] = 1 - right, ["accuracy"] = right, ["length"] = i },
                    Unscored = skip ? new Dictionary<string, string> { ["accuracy"] = "no answer" } : null,
                    Detail = new JsonObject { ["answer"] = $"Übergröße < {i}" },
                };
            }
        }
    }

    public static TimingRecord Timing(CaseRecord c) => new() { Case = c.Case, Variant = c.Variant, Milliseconds = new Dictionary<string, double> { ["read"] = int.Parse(c.Case[1..]) + 1 } };

    public RunManifest Manifest(string? shard = null, string kind = "main") =>
        Provenance.Describe(Root, kind, "run", new { Seed = 1, Kind = kind }, 1, ["data/questions.jsonl"], shard);

    public Run Evaluate(IEnumerable<CaseRecord>? cases = null, string? shard = null, string kind = "main", string? data = null)
    {
        var manifest = Manifest(shard, kind);
        using var writer = RunWriter.Start(Root, data is null ? manifest : manifest with { Data = [new DataFile(data, "0", 1)] });
        foreach (var c in cases ?? Cases()) writer.Add(c, Timing(c));
        return writer.Finish(measure: Portfolio.Measure);
    }

    public void Pin(Run run)
    {
        Publication.Pin(Portfolio, run);
        new Publication(Portfolio).RenderAll();
    }

    public string FullPath(string path) => Path.Combine(Root, path);

    public string Read(string path) => File.ReadAllText(FullPath(path));

    public void Write(string path, string text) => TextFile.Write(FullPath(path), text);

    public void Edit(string path, string from, string to)
    {
        Assert.Contains(from, Read(path));
        Write(path, Read(path).Replace(from, to));
    }

    /// <summary>Runs a command line as a user would.</summary>
    public async Task<(int Code, string Out, string Error)> Cli(params string[] arguments)
    {
        var (output, error, lazy) = (new StringWriter(), new StringWriter(), new Lazy<Portfolio>(() => Portfolio));
        var root = new System.CommandLine.RootCommand { SharedVerbs.Pin(lazy), SharedVerbs.Compare(lazy), SharedVerbs.Check(lazy), SharedVerbs.Merge(lazy) };
        return (await Host.Main(root, arguments, output, error), output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

internal static class SampleRuns
{
    public static MetricTable LoadOrMeasure(this Run run, IReadOnlyList<MetricDefinition> metrics) => MetricTable.Measure(run.Cases, metrics, run.Manifest.Seed, new() { Resamples = 500 });
}
