using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PortfolioProject.Cli;
using PortfolioProject.Evidence;
using PortfolioProject.Modeling;
using PortfolioProject.Server;

namespace PortfolioProject.Serving.Tests;

public sealed class TrainingVerbTests : IDisposable
{
    private readonly TableRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task Run_evaluates_trains_serves_and_has_its_golden_rows_answered()
    {
        var (code, output, _) = await Execute("run", "--once");
        Assert.Equal(0, code);
        Assert.Contains("chosen: softmax", output);
        Assert.Contains("golden: 5 rows answered over HTTP by points 1, largest difference 0\n", output);
        Assert.Matches("dashboard: http://127.0.0.1:[0-9]+/\n", output);
        Assert.Equal(("1", 1, 1), (_repository.Registry.State().Stable, _repository.Registry.Versions.Count, Runs.Length));
        (code, output, _) = await Execute("run", "--once");
        Assert.Contains("points 1 is there already", output);
        Assert.Equal((0, 1, 2), (code, _repository.Registry.Versions.Count, Runs.Length));
    }

    [Fact]
    public async Task A_stable_version_that_is_damaged_is_not_served_by_run()
    {
        var bundle = _repository.Ship();
        _repository.Registry.Append(new Promotion(DateTimeOffset.UnixEpoch, "promote", "1", null, "cli", "a test"));
        File.AppendAllText(Path.Combine(bundle.Folder, BundleManifest.WeightsFile), "x");
        var (code, output, error) = await Execute("run", "--once");
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("golden:", output);
        Assert.Contains(BundleManifest.WeightsFile, error);
    }

    [Fact]
    public async Task The_first_version_is_promoted_later_ones_wait_for_the_gate_and_rollback_goes_back()
    {
        Assert.Equal(0, (await Execute("train")).Code);
        Assert.Contains("promote 2 (stable is 1)", (await Execute("train")).Output);
        Assert.Equal(("1", null), (_repository.Registry.State().Stable, _repository.Registry.State().Previous));
        var (code, output, _) = await Execute("promote", "2");
        Assert.Equal((0, "2"), (code, _repository.Registry.State().Stable));
        Assert.Contains("disagreement  PASS    0 of 120 rows", output);
        Assert.Equal((0, "stable is 1, was 2\n"), (await Execute("rollback")) is var back ? (back.Code, back.Output) : default);
        Assert.Equal(2, (await Execute("rollback")).Code);
        Assert.Equal("1", _repository.Registry.State().Stable);
    }

    [Fact]
    public async Task A_damaged_version_is_neither_promoted_nor_rolled_back_to()
    {
        await Execute("train");
        await Execute("train");
        File.AppendAllText(Path.Combine(_repository.Registry.FolderOf("2"), BundleManifest.WeightsFile), "x");
        var (code, output, _) = await Execute("promote", "2");
        Assert.Equal(1, code);
        Assert.Contains("version 2 is not promoted; stable stays 1", output);
        Assert.Equal(2, (await Execute("rollback", "2")).Code);
        Assert.Equal(2, (await Execute("promote", "3")).Code);
        Assert.Equal("1", Assert.Single(_repository.Registry.History()).Version);
    }

    [Fact]
    public async Task Retrain_learns_from_labelled_requests_and_goes_through_the_gate()
    {
        await Execute("train");
        await using (var host = await ServerHost.StartAsync(new ServerOptions(_repository.Root, ServingConfig.Load(_repository.Root)), TestContext.Current.CancellationToken))
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            foreach (var (x, label) in new[] { (0.1f, "low"), (1.6f, "middle"), (3.1f, "high"), (2.9f, "high") })
            {
                var answer = await Post(client, "/api/predict", new { features = new[] { x, -x, 0.5f, 7 } });
                await Post(client, "/api/feedback", new { predictionId = (string?)answer["predictionId"], label });
            }
        }

        var (code, output, _) = await Execute("retrain");
        Assert.Contains("4 labelled rows of feedback are added to 120 of data/points.csv; 0 cannot be used", output);
        Assert.Contains("(4 logged requests)", output);
        Assert.Equal((0, "2"), (code, _repository.Registry.State().Stable));
        Assert.Contains("4 rows of feedback", _repository.Registry.History()[^1].Reason);
        var run = Run.Load(Runs.Single(r => Run.Load(r).Manifest.Kind == "retrain"));
        Assert.Equal((124, "high"), ((int)run.Manifest.Facts!["rows"]!, run.Cases.Single(c => c.Variant == "softmax" && c.Case == "row-123").Tags["label"]));
        Assert.Equal("feedback", run.Cases.Single(c => c.Variant == "softmax" && c.Case == "row-123").Cluster);
    }

    [Fact]
    public async Task Retrain_finds_feedback_where_the_service_was_told_to_write_it()
    {
        await Execute("train");
        var config = ServingConfig.Load(_repository.Root, ["monitoring.folder=elsewhere"]);
        await using (var host = await ServerHost.StartAsync(new ServerOptions(_repository.Root, config), TestContext.Current.CancellationToken))
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            var answer = await Post(client, "/api/predict", new { features = new[] { 0.1f, -0.1f, 0.5f, 7 } });
            await Post(client, "/api/feedback", new { predictionId = (string?)answer["predictionId"], label = "low" });
        }

        Assert.Equal(2, (await Execute("retrain")).Code);
        Assert.Contains("1 labelled rows of feedback", (await Execute("retrain", "--set", "monitoring.folder=elsewhere")).Output);
        TextFile.Write(Path.Combine(_repository.Root, ServingConfig.File), "monitoring: { folder: elsewhere }\n");
        Assert.Contains("1 labelled rows of feedback", (await Execute("retrain")).Output);
    }

    [Fact]
    public async Task A_table_that_cannot_be_read_leaves_nothing_behind()
    {
        TextFile.Write(Path.Combine(_repository.Root, "broken.csv"), "a,y\n1,x\nred,\n");
        foreach (var verb in new[] { "run", "train" })
        {
            var (code, output, error) = await Execute(verb, "--set", "data.path=broken.csv");
            Assert.Equal((2, ""), (code, output));
            Assert.Contains("broken.csv:3:1: a: not a number", error);
            Assert.Contains("broken.csv:3:2: y: a missing value", error);
        }

        Assert.False(Directory.Exists(Path.Combine(_repository.Root, "runs")) || Directory.Exists(Path.Combine(_repository.Root, "models")));
    }

    [Fact]
    public async Task Without_feedback_there_is_nothing_to_retrain_on()
    {
        await Execute("train");
        var (code, _, error) = await Execute("retrain");
        Assert.Equal(2, code);
        Assert.Contains("no labelled feedback", error);
        Assert.Equal(["1"], _repository.Registry.Versions);
    }

    [Fact]
    public async Task As_json_stdout_holds_results_alone()
    {
        var (code, output, error) = await Execute("train", "--format", "json");
        var (json, row) = (JsonNode.Parse(output)!, Run.Load(Runs.Single()).LoadMetrics().Find("accuracy", "softmax")!);
        Assert.Equal((0, "softmax", row.Value, row.Interval!.Low), (code, (string?)json["chosen"], (double?)json["models"]!["softmax"]!["accuracy"]!["value"], (double)json["models"]!["softmax"]!["accuracy"]!["low"]!));
        Assert.Contains("bundle:", error);
    }

    [Fact]
    public async Task Another_table_gets_a_model_of_its_own()
    {
        TextFile.Write(Path.Combine(_repository.Root, "other.csv"), TableRepository.Points(60).Replace("level", "grade"));
        Assert.Equal(0, (await Execute("run", "--once", "--set", "data.path=other.csv")).Code);
        Assert.Equal("other", ModelRegistry.Open(Path.Combine(_repository.Root, "models")).Name);
        Assert.Equal((2, "no such file"), (await Execute("run", "--once", "--set", "data.path=missing.csv")) is var missing ? (missing.Code, missing.Error.Contains("no such file") ? "no such file" : missing.Error) : default);
    }

    private string[] Runs => Directory.GetDirectories(Path.Combine(_repository.Root, "runs"));

    private async Task<(int Code, string Output, string Error)> Execute(params string[] args)
    {
        var root = new Lazy<string>(_repository.Root);
        var commands = new RootCommand { RunVerb.Create(root, new StartupStages(), null), TrainVerb.Create(root), PromoteVerb.Create(root), PromoteVerb.CreateRollback(root), RetrainVerb.Create(root) };
        var (output, error) = (new StringWriter(), new StringWriter());
        return (await Host.Main(commands, args, output, error, TestContext.Current.CancellationToken), $"{output}", $"{error}");
    }

    private static async Task<JsonNode> Post(HttpClient client, string path, object body)
    {
        var response = await client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{(int)response.StatusCode} {text}");
    }
}
