using System.CommandLine;
using System.Text.Json.Nodes;
using PortfolioProject.Bench;
using PortfolioProject.Evidence;

namespace PortfolioProject.Serving.Tests;

public sealed class BenchTests(TrainedRepository repository) : IClassFixture<TrainedRepository>
{
    [Fact]
    public async Task A_quick_bench_measures_everything_in_processes_of_its_own_and_touches_no_model()
    {
        var promotions = File.ReadAllText(repository.Registry.Log);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Host.Main(new RootCommand { BenchVerb.Create(new Lazy<string>(repository.Root)) }, ["bench", "--quick", "--format", "json"], output, error, TestContext.Current.CancellationToken);
        Assert.True(code == 0, error.ToString());

        var bench = JsonNode.Parse(output.ToString())!;
        Assert.Equal(["1 row JSON", "1 row JSON, batching", "64 rows JSON", "64 rows binary", "bare, 1 row JSON", "bare, 64 rows JSON", "bare, 64 rows binary"], bench["loads"]!.AsArray().Select(l => (string)l!["name"]!).Order(StringComparer.Ordinal));
        Assert.All(bench["loads"]!.AsArray(), load =>
        {
            Assert.InRange((double)load!["answered"]!, 0.5, 1);
            Assert.True((double)load["cpu"]! > 0 && (double)load["perSecond"]! > 0, load.ToJsonString());
            Assert.True((double)load["p50"]! <= (double)load["p95"]! && (double)load["p95"]! <= (double)load["p99"]! && (double)load["p99"]! <= (double)load["p999"]!, load.ToJsonString());
            if (((string)load["name"]!).StartsWith("bare", StringComparison.Ordinal)) Assert.Equal(1.0, (double)load["ratio"]!);
        });
        var stages = bench["stages"]!.AsArray().ToLookup(s => (string)s!["what"]!, s => s!);
        Assert.Equal(["runtime", "command line", "configuration", "bundle", "host", "listening", "ready", "first answer"], stages["cold start"].Select(s => (string)s["stage"]!));
        var start = stages["cold start"].ToDictionary(s => (string)s["stage"]!, s => (double)s["median"]!);
        Assert.True(start["listening"] <= start["ready"] && start["ready"] <= start["first answer"]);
        // The system knows when a process began to a hundredth of a second.
        Assert.True(start["runtime"] + start["command line"] + start["configuration"] + start["bundle"] + start["host"] < start["first answer"] + 20);
        Assert.Equal(["promote", "roll back"], stages["hot swap"].Select(s => (string)s["stage"]!).Order(StringComparer.Ordinal));
        Assert.Equal(2, (int)Assert.Single(stages["training"])["n"]!);
        Assert.InRange((double)bench["residentMegabytes"]!, 20, 1000);

        var run = RunStore.NewestComplete(repository.Root, "bench-quick")!;
        Assert.Equal((string)bench["run"]!, run.Manifest.Id);
        Assert.Equal((double)bench["loads"]!.AsArray().Single(l => (string)l!["name"]! == "1 row JSON")!["answered"]!, run.LoadMetrics().Find("answered", "1 row JSON")!.Value);
        Assert.Equal(promotions, File.ReadAllText(repository.Registry.Log));
        Assert.False(Directory.Exists(Path.Combine(repository.Root, "logs")));
    }

    [Fact]
    public void The_report_takes_medians_of_rounds_and_compares_equal_requests()
    {
        var (cases, timings) = (new List<CaseRecord>(), new List<TimingRecord>());
        void Add(string variant, double answered, params double[] cpu)
        {
            foreach (var (i, ms) in cpu.Index())
            {
                cases.Add(new CaseRecord
                {
                    Case = $"repetition-{i}",
                    Variant = variant,
                    Cluster = $"{i}",
                    Outcome = "answered",
                    Values = new Dictionary<string, double> { ["answered"] = answered - (0.01 * i) },
                });
                timings.Add(new TimingRecord
                {
                    Case = $"repetition-{i}",
                    Variant = variant,
                    Milliseconds = new Dictionary<string, double> { ["cpu"] = ms, ["p99.9"] = 7 },
                });
            }
        }

        Add("bare, 1 row JSON", 1, 0.010, 0.008, 0.100);
        Add("1 row JSON", 1, 0.030, 0.028, 0.900);
        Add("1 row JSON, batching", 1, 0.050, 0.050, 0.050);
        var manifest = new RunManifest("id", "bench", "bench", "", [], 2026, [], "", "", 2, "", DateTimeOffset.UnixEpoch,
            Resources: new JsonObject { ["perSecond"] = new JsonObject { ["1 row JSON"] = new JsonArray(3.0, 1.0, 2.0) } });
        var bench = BenchReport.Model(new Run("", manifest, cases, timings));

        var loads = bench["loads"]!.AsArray().ToDictionary(l => (string)l!["name"]!, l => l!);
        Assert.Equal(30, (double)loads["1 row JSON"]["cpu"]!, 9);
        Assert.Equal(3, (double)loads["1 row JSON"]["ratio"]!, 9);
        Assert.Equal(5, (double)loads["1 row JSON, batching"]["ratio"]!, 9);
        Assert.Equal(2, (double)loads["1 row JSON"]["perSecond"]!);
        Assert.Equal(0.98, (double)loads["1 row JSON"]["answered"]!, 9);
        Assert.Equal(7, (double)loads["1 row JSON"]["p999"]!);
        Assert.Null(loads["1 row JSON"]["p50"]);
        // 10,000 requests a second at 30 µs are 0.3 cores, which is half of the 0.6 that one may use.
        Assert.Equal([1.0, 1.0, 5.0], bench["scaling"]!.AsArray().Select(s => (double)s!["cores"]!));
    }

    [Fact]
    public async Task Without_an_evaluation_it_says_what_to_run()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var empty = Directory.CreateTempSubdirectory("empty-").FullName;
        foreach (var file in new[] { ".mlportfolio.json", "configs/training.yaml", "data/digits/digits.csv" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(empty, file))!);
            File.Copy(Path.Combine(repository.Root, file), Path.Combine(empty, file));
        }

        Assert.Equal(2, await Host.Main(new RootCommand { BenchVerb.Create(new Lazy<string>(empty)) }, ["bench", "--quick"], output, error, TestContext.Current.CancellationToken));
        Assert.Contains("Evaluate first", error.ToString());
        Directory.Delete(empty, recursive: true);
    }
}
