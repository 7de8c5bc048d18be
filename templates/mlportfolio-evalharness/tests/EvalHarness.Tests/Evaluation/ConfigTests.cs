using PortfolioProject.Evaluation;
using PortfolioProject.Evidence;

namespace PortfolioProject.EvalHarness.Tests;

public sealed class ConfigTests : IDisposable
{
    private readonly TinyRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    private UserError RefusedRun(params string[] overrides) =>
        Assert.Throws<UserError>(() => RunConfig.Load(Path.Combine(_repository.Root, "configs/run.yaml"), overrides));

    private UserError RefusedSystem(string from, string to)
    {
        var file = Path.Combine(_repository.Root, "configs/systems/bm25.yaml");
        Assert.Contains(from, File.ReadAllText(file));
        File.WriteAllText(file, File.ReadAllText(file).Replace(from, to));
        return Assert.Throws<UserError>(() => SystemConfig.LoadAll(_repository.Root, "configs/systems"));
    }

    [Theory]
    [InlineData("threads=-1", "threads", "-1")]
    [InlineData("retrieval_depth=9", "retrieval_depth", "9")]
    [InlineData("resamples=99", "resamples", "99")]
    [InlineData("sweep.chunkers.0.size=49", "sweep.chunkers.0.size", "49")]
    [InlineData("sweep.chunkers.1.overlap=-1", "sweep.chunkers.1.overlap", "-1")]
    public void A_value_out_of_its_range_is_named_with_where_it_was_typed(string change, string field, string got)
    {
        var error = RefusedRun(change);
        Assert.Equal((field, $"\"{got}\"", "--set " + change), (error.Field, error.Got, error.File));
    }

    [Theory]
    [InlineData("sweep.budgets=[100, 0]", "sweep.budgets", "0")]
    [InlineData("sweep.budgets=[]", "sweep.budgets", null)]
    [InlineData("sweep.budgets=[100, 100]", "sweep.budgets", null)]
    [InlineData("sweep.chunkers.0.overlap=60", "sweep.chunkers", "60")]
    [InlineData("sweep.chunkers=[]", "sweep.chunkers", null)]
    [InlineData("sweep.chunkers.1={type: fixed, size: 60}", "sweep.chunkers", null)]
    public void A_run_that_cannot_work_is_refused(string change, string field, string? got)
    {
        var error = RefusedRun(change);
        Assert.Equal(field, error.Field);
        if (got is not null) Assert.Equal(got, error.Got);
        Assert.EndsWith("run.yaml", error.File);
    }

    [Theory]
    [InlineData("threads=0")]
    [InlineData("retrieval_depth=10")]
    [InlineData("resamples=100")]
    [InlineData("sweep.budgets=[1]")]
    [InlineData("sweep.chunkers.0.size=50")]
    [InlineData("sweep.chunkers.0.overlap=59")]
    [InlineData("sweep.chunkers.1.overlap=500")]
    public void The_limits_themselves_are_allowed(string change) =>
        Assert.Equal(7, RunConfig.Load(Path.Combine(_repository.Root, "configs/run.yaml"), [change]).Seed);

    [Theory]
    [InlineData("threds=2", "threds", "threads")]
    [InlineData("utility.corect=1", "utility.corect", "correct")]
    public void An_unknown_key_is_named_and_the_nearest_suggested(string change, string field, string meant)
    {
        var error = RefusedRun(change);
        Assert.Equal((field, "--set " + change), (error.Field, error.File));
        Assert.Contains($"\"{meant}\"", error.Fix);
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("=3")]
    [InlineData("seed.deeper=3")]
    [InlineData("seed=three")]
    [InlineData("sweep.chunkers.7.size=100")]
    [InlineData("sweep.chunkers.0.type=round")]
    [InlineData("utility.correct=.nan")]
    public void A_bad_override_is_named_as_it_was_typed(string change) => Assert.Contains("--set " + change, RefusedRun(change).Message);

    [Fact]
    public void A_missing_file_and_a_missing_key_are_named()
    {
        Assert.Contains("nowhere.yaml", Assert.Throws<UserError>(() => RunConfig.Load(Path.Combine(_repository.Root, "nowhere.yaml"), [])).Message);
        _repository.Write("configs/run.yaml", "seed: 1\n");
        Assert.Contains("required key is missing", RefusedRun().Message);
    }

    [Theory]
    [InlineData("size: 120", "size: 49", "chunker.size", "49")]
    [InlineData("size: 120", "size: 120, overlap: -1", "chunker.overlap", "-1")]
    [InlineData("type: sentence, size: 120", "type: fixed, size: 120, overlap: 120", "chunker.overlap", "120")]
    [InlineData("type: bm25", "type: bm25, k1: -0.5", "retriever.k1", "-0.5")]
    [InlineData("type: bm25", "type: bm25, b: 1.5", "retriever.b", "1.5")]
    [InlineData("type: bm25", "type: lsa, rank: 0", "retriever.rank", "0")]
    [InlineData("answer: span", "answer: span, window: 0", "reader.window", "0")]
    [InlineData("threshold: auto", "threshold: 1.5", "reader.threshold", "1.5")]
    [InlineData("threshold: auto", "threshold: NaN", "reader.threshold", "NaN")]
    [InlineData("threshold: auto", "threshold: high", "reader.threshold", "high")]
    [InlineData("about: A test system.", "about: A test system.\ncontext_budget: 0", "context_budget", "0")]
    [InlineData("name: bm25", "name: bm26", "name", "bm26")]
    [InlineData("name: bm25", "name: null-abstain", "name", "null-abstain")]
    public void A_system_that_cannot_work_is_refused(string from, string to, string field, string got)
    {
        var error = RefusedSystem(from, to);
        Assert.Equal((field, got), (error.Field, error.Got?.Trim('"')));
        Assert.EndsWith("configs/systems/bm25.yaml", error.File?.Replace('\\', '/'));
    }

    [Theory]
    [InlineData("type: bm25", "type: bm52", "retriever.type", 4)]
    [InlineData("size: 120", "siez: 120", "chunker.siez", 3)]
    [InlineData("about: A test system.", "abuot: A test system.", "abuot", 2)]
    [InlineData("size: 120", "size: large", "chunker.size", 3)]
    public void A_misspelt_key_or_value_is_named_with_its_line(string from, string to, string field, int line)
    {
        var error = RefusedSystem(from, to);
        Assert.Equal((field, line), (error.Field, error.Line));
        Assert.EndsWith("bm25.yaml", error.File);
    }

    [Fact]
    public void Systems_come_in_ordinal_order_of_name() =>
        Assert.Equal(["bm25", "null-abstain", "null-random"], SystemConfig.LoadAll(_repository.Root, "configs/systems").Select(s => s.Name));

    [Fact]
    public void No_folder_and_no_system_are_named()
    {
        Assert.Equal("systems", Assert.Throws<UserError>(() => SystemConfig.LoadAll(_repository.Root, "configs/none")).Field);
        Directory.CreateDirectory(Path.Combine(_repository.Root, "configs/empty"));
        Assert.Contains("no system to evaluate", Assert.Throws<UserError>(() => SystemConfig.LoadAll(_repository.Root, "configs/empty")).Message);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("a/b")]
    [InlineData("1/2/3")]
    public void A_shard_that_is_none_is_refused(string text) => Assert.Equal(text, Assert.Throws<UserError>(() => Shard.Parse(text)).Got);

    [Fact]
    public void Shards_part_the_questions() =>
        Assert.All(Enumerable.Range(0, 20), position => Assert.Single(Enumerable.Range(1, 3), i => Shard.Parse($"{i}/3").Holds(position)));
}
