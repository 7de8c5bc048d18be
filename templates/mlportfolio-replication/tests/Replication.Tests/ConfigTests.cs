namespace PortfolioProject.Replication.Tests;

/// <summary>Everything that cannot be run is refused before anything is written, by file, key, expected and got.</summary>
public sealed class ConfigTests : IDisposable
{
    private readonly Toy _toy = new();

    [Theory]
    [InlineData("ratios=[0.5,0.9,0.9,2]", "ratios")]
    [InlineData("ratios=[0.5,2,1]", "ratios")]
    [InlineData("ratios=[0.001,1]", "ratios")]
    [InlineData("ratios=[]", "ratios")]
    [InlineData("ratios=[-1,1]", "ratios.0")]
    [InlineData("penalties.0=[0.1,-1]", "penalties.0.1")]
    [InlineData("penalties.0=[0]", "penalties.0.0")]
    [InlineData("seeds=[]", "seeds")]
    [InlineData("seeds=[1,1]", "seeds")]
    [InlineData("seeds=[-1]", "seeds.0")]
    [InlineData("seeds=[1.5]", "seeds.0")]
    [InlineData("noise=[1]", "noise.0")]
    [InlineData("bandwidths=[0]", "bandwidths.0")]
    [InlineData("truncations=[1e-9]", "truncations.0")]
    [InlineData("features=[sine]", "features.0")]
    [InlineData("samples=[1]", "samples.0")]
    [InlineData("widths=[3]", "ratios")]
    [InlineData("kind=../up", "kind")]
    [InlineData("seed_group=3", "seed_group")]
    [InlineData("divide_by=0", "divide_by")]
    [InlineData("sampels=[3]", "sampels")]
    public void A_wrong_value_names_its_key(string change, string key)
    {
        var error = Assert.Throws<UserError>(() => _toy.Experiment(change));
        Assert.Equal((key, ExitCode.Usage), (error.Field, error.Code));
    }

    [Theory]
    [InlineData("# why\nkind: main   # the paper\n", "main")]
    [InlineData("data: x\nkind: \"grokking\"\n", "grokking")]
    [InlineData("widths: [3]\n", "")]
    public void The_kind_of_a_file_is_known_before_it_is_read(string text, string kind)
    {
        _toy.Write("configs/own.yaml", text);
        Assert.Equal(kind, Study.KindOf(_toy.Root, "configs/own.yaml"));
        Assert.Contains("a folder", Assert.Throws<UserError>(() => Study.KindOf(_toy.Root, "configs")).Message);
    }

    [Fact]
    public void A_missing_key_is_named_with_its_line() => Assert.Matches("toy.yaml:1.*noise.*required", Assert.Throws<UserError>(() => Toy.Study.Load(_toy.Config.Replace("noise:", "#"), "toy.yaml", [])).Message);

    [Theory]
    [InlineData("samples=[60]", "samples")]
    [InlineData("samples=[600]", "samples")]
    [InlineData("data=data/none.csv", null)]
    [InlineData("sha256=00", "sha256")]
    public void What_the_data_cannot_give_is_refused_and_nothing_is_written(string change, string? key)
    {
        var error = Assert.Throws<UserError>(() => _toy.Execute(changes: change));
        Assert.Equal((key, ExitCode.Usage), (error.Field, error.Code));
        Assert.False(Directory.Exists(Path.Combine(_toy.Root, "runs")));
    }

    [Theory]
    [InlineData("", "no table")]
    [InlineData("a,label\n", "no table")]
    [InlineData("a,label\n1,0\nx,1\n", "data/bad.csv:3:1")]
    [InlineData("a,label\n1,0\nNaN,1\n", "data/bad.csv:3:1")]
    [InlineData("a,label\n1,0\n1,2,1\n", "data/bad.csv:3")]
    [InlineData("a,label\n1,0\n1,-1\n", "data/bad.csv:3:2")]
    [InlineData("a,label\n1,0\n1,0\n", "one class only")]
    public void A_broken_table_is_refused_where_it_breaks(string text, string where)
    {
        _toy.Write("data/bad.csv", text);
        var file = Path.Combine(_toy.Root, "data", "bad.csv");
        Assert.Contains(where, Assert.Throws<UserError>(() => Dataset.Load(_toy.Root, "data/bad.csv", TextFile.Sha256OfFile(file), 1)).Message);
    }

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1")]
    [InlineData("a/b")]
    public void A_wrong_shard_is_refused(string shard) => Assert.Equal("--shard", Assert.Throws<UserError>(() => Shard.Parse(shard)).Field);

    [Fact]
    public void Where_nothing_can_be_written_the_run_ends_before_it_computes()
    {
        _toy.Write("runs", "a file in the place of the folder");
        var error = Assert.Throws<UserError>(() => _toy.Execute());
        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains("cannot write a run", error.Message);
        using var other = new Toy();
        Assert.Contains("cannot write figures", Assert.Throws<UserError>(() => Artefacts.Write(Toy.Study, other.Execute(), Path.Combine(_toy.Root, "runs", "x"))).Message);
    }

    [Fact]
    public void Every_configuration_of_the_repository_can_be_read_and_says_what_it_asks()
    {
        var root = Repository.FindRoot(AppContext.BaseDirectory);
        var files = Directory.GetFiles(Path.Combine(root, "configs"), "*.yaml", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).StartsWith("grokking", StringComparison.Ordinal) && File.ReadLines(f).Any(l => l.StartsWith("kind:", StringComparison.Ordinal))).ToList();
        Assert.True(files.Count >= 8);
        Assert.All(files, file =>
        {
            Assert.StartsWith("# ", TextFile.Read(file));
            Assert.NotEmpty(Toy.Study.Load(TextFile.Read(file), file, []).Plan(root));
        });
        Assert.Equal(files.Count, files.Select(f => Toy.Study.Load(TextFile.Read(f), f, []).Kind).Distinct().Count());
    }

    public void Dispose() => _toy.Dispose();
}
