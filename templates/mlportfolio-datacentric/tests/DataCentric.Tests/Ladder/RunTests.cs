using System.Text.Json.Nodes;
using PortfolioProject.Ladder;

namespace PortfolioProject.DataCentric.Tests;

/// <summary>Whole runs on a small table: what is written, that it repeats, and that nothing moves what must stand still.</summary>
public sealed class RunTests : IDisposable
{
    private readonly TinyRepository _repository = new TinyRepository().WithContract();

    public void Dispose() => _repository.Dispose();

    private Run Execute(string kind = LadderRun.Main, Shard? shard = null, bool resume = false, params string[] overrides)
    {
        var config = RunConfig.Load(_repository.Path("configs/run.yaml"), overrides);
        return new LadderRun(_repository.Root, config, config.LoadTable(_repository.Root)).Execute(kind, "run", shard, resume, (_, _) => { }, TestContext.Current.CancellationToken);
    }

    private static string Cases(Run run) => TextFile.Read(Path.Combine(run.Folder, "cases.jsonl"));

    [Fact]
    public void One_thread_and_two_write_the_same_bytes() => Assert.Equal(Cases(Execute(overrides: "threads=1")), Cases(Execute(overrides: "threads=2")));

    [Fact]
    public void Shards_add_up_to_the_whole_run()
    {
        var merged = RunStore.Merge(_repository.Root, [Execute(shard: new Shard(1, 2)), Execute(shard: new Shard(2, 2))], DataPortfolio.Measure);
        Assert.Equal(Cases(Execute()), Cases(merged));
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_to_the_same_bytes()
    {
        var whole = Execute();
        var torn = Execute();
        var (lines, manifest) = (Cases(torn).Split('\n'), Path.Combine(torn.Folder, "run.json"));
        TextFile.Write(Path.Combine(torn.Folder, "cases.jsonl"), string.Join('\n', lines.Take(lines.Length / 2)) + "\n" + lines[^2][..20]);
        TextFile.Write(manifest, TextFile.Read(manifest).Replace("\"complete\": true", "\"complete\": false"));
        var resumed = Execute(resume: true);
        Assert.Equal(torn.Folder, resumed.Folder);
        Assert.Equal(Cases(whole), Cases(resumed));
    }

    [Fact]
    public void Every_row_of_every_step_carries_the_hash_of_the_frozen_model()
    {
        var config = RunConfig.Load(_repository.Path("configs/run.yaml"), []);
        foreach (var kind in new[] { LadderRun.Main, LadderRun.Hard, LadderRun.Detection })
            Assert.All(Execute(kind).Cases, c => Assert.Equal(config.ModelHash, (string?)c.Detail!["model"]));
        Assert.NotEqual(config.ModelHash, RunConfig.Load(_repository.Path("configs/run.yaml"), ["model.l2=0.01"]).ModelHash);
    }

    [Fact]
    public void A_published_run_of_another_model_is_an_error_of_check()
    {
        var run = Execute();
        CopyTo(run.Folder, _repository.Path("results/main"));
        Assert.Empty(Check("frozen model"));
        _repository.Write("configs/run.yaml", TinyRepository.RunYaml.Replace("l2: 0.001", "l2: 0.1"));
        Assert.Contains(Check("frozen model"), f => f.Severity == Severity.Error && f.Message.Contains("the model is frozen"));
    }

    [Fact]
    public void Test_labels_move_no_step_before_it_is_scored()
    {
        var csv = CsvText.Read(_repository.Path(TinyRepository.Data));
        var table = _repository.Load();
        var before = Execute();
        var (lines, sealedRows) = (csv.Lines.ToArray(), table.Rows.Where((_, i) => table.Sealed[i]).ToList());
        (lines[sealedRows[0]], lines[sealedRows[1]]) = (CsvText.WithCell(lines[sealedRows[0]], 2, "abcd"[(table.Labels[sealedRows[0] - 1] + 2) % 4].ToString()), CsvText.WithCell(lines[sealedRows[1]], 2, "abcd"[(table.Labels[sealedRows[1] - 1] + 2) % 4].ToString()));
        var config = RunConfig.Load(_repository.Path("configs/run.yaml"), []);
        var changed = Table.Parse(csv with { Lines = lines }, table.Contract, table.Rows, [.. sealedRows], "other");
        var after = new LadderRun(_repository.Root, config, changed).Execute(LadderRun.Main, "run", null, false, (_, _) => { }, TestContext.Current.CancellationToken);
        string Seen(Run run) => string.Join('\n', run.Cases.Where(c => c.Variant is "de-leaked" or "redesigned" or "pruned" or "relabelled").Select(c => $"{c.Variant} {c.Case} {c.Values["rows"]} {c.Values.GetValueOrDefault("flagged")}"));
        Assert.Equal(Seen(before), Seen(after));
        Assert.NotEqual(Cases(before), Cases(after));
    }

    [Fact]
    public void Without_planted_faults_detection_is_not_measured()
    {
        var run = Execute(overrides: "faults.data=other.csv");
        Assert.DoesNotContain(run.Cases, c => c.Values.ContainsKey("precision") || c.Variant is "oracle" or "reviewed");
        Assert.Null(run.LoadMetrics().Find("precision", "pruned")!.Value);
        Assert.Contains("redesigned", run.Variants);
    }

    [Fact]
    public void A_seed_draws_four_fifths_of_data_without_planted_faults_and_no_more_rows_than_allowed()
    {
        double? Drawn(params string[] overrides) => Execute(overrides: ["faults.data=other.csv", .. overrides]).LoadMetrics().Find("rows", "blocked")!.Value;
        Assert.Equal((135, 100), (Drawn(), Drawn("training_rows=100")));
    }

    [Fact]
    public void Resampled_rows_make_every_class_as_large_as_the_largest()
    {
        var run = Execute();
        foreach (var seed in run.Cases.Where(c => c.Variant == "resampled")) Assert.Equal(0, seed.Values["rows"] % 4);
        Assert.True(run.LoadMetrics().Find("rows", "resampled")!.Value > run.LoadMetrics().Find("rows", "pruned")!.Value);
    }

    [Fact]
    public void Every_step_changes_something_and_the_control_prunes_as_many_rows_as_the_step()
    {
        var cases = Execute().Cases.Where(c => c.Case == "seed-7").ToDictionary(c => c.Variant, c => c.Values);
        foreach (var (step, from) in new[] { ("pruned", "redesigned"), ("relabelled", "redesigned"), ("reviewed", "redesigned"), ("oracle", "redesigned"), ("random-prune", "redesigned"), ("random-prune", "pruned"), ("reweighted", "pruned") })
            Assert.True(cases[step]["ece"] != cases[from]["ece"], $"{step} is fitted on the rows and labels of {from}");
        Assert.Equal((cases["pruned"]["rows"], cases["redesigned"]["rows"], cases["redesigned"]["rows"]), (cases["random-prune"]["rows"], cases["relabelled"]["rows"], cases["oracle"]["rows"]));
    }

    private IReadOnlyList<Finding> Check(string name) => DataPortfolio.Create(_repository.Root).Checks.Single(c => c.Name == name).Run();

    [Fact]
    public void A_contract_or_a_configuration_changed_after_the_published_run_is_a_warning_of_check()
    {
        CopyTo(Execute().Folder, _repository.Path("results/main"));
        Assert.Empty(Check("configuration"));
        _repository.WithContract(TinyRepository.ContractYaml.Replace("near_duplicate: 0.13", "near_duplicate: 0.2"));
        Assert.Equal(["the contract"], Check("configuration").Select(f => f.Where));
        _repository.Write("configs/run.yaml", TinyRepository.RunYaml.Replace("seeds: 2", "seeds: 3"));
        Assert.Equal(["configs/run.yaml", "the contract"], Check("configuration").Select(f => f.Where));
    }

    [Fact]
    public void What_was_measured_on_other_data_is_left_out_of_the_documents_and_named_by_check()
    {
        JsonNode? Filters(Run main)
        {
            CopyTo(main.Folder, _repository.Path("results/main"));
            return DataPortfolio.Create(_repository.Root).Model(main, main.LoadMetrics())["filters"];
        }

        CopyTo(Execute(LadderRun.Detection).Folder, _repository.Path("results/detection"));
        Assert.NotEmpty(Filters(Execute())!.AsArray());
        Assert.Empty(Check("one dataset"));
        _repository.Write(TinyRepository.Data, TinyRepository.Clouds(240, 2));
        Assert.Null(Filters(Execute()));
        Assert.Equal(["results/detection"], Check("one dataset").Select(f => f.Where));
    }

    [Fact]
    public void Planted_copies_and_leaks_are_found_and_the_ladder_drops_them()
    {
        var metrics = Execute().LoadMetrics();
        Assert.Equal(1, metrics.Find("recall", "de-leaked")!.Value);
        Assert.True(metrics.Find("rows", "de-leaked")!.Value <= metrics.Find("rows", "blocked")!.Value - 8);
        Assert.InRange(metrics.Find("recall", "pruned")!.Value!.Value, 0.5, 1);
        Assert.InRange(metrics.Find("precision", "pruned")!.Value!.Value, 0.5, 1);
    }

    [Theory, InlineData("seeds=0"), InlineData("faults.noise=1.5"), InlineData("budgets=[-3]"), InlineData("model.momentum=0.9")]
    public void A_configuration_that_cannot_be_meant_is_refused(string change) =>
        Assert.Throws<UserError>(() => RunConfig.Load(_repository.Path("configs/run.yaml"), [change]));

    private static void CopyTo(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}
