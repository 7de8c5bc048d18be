using PortfolioProject.Ladder;

namespace PortfolioProject.DataCentric.Tests;

public sealed class FaultTests : IDisposable
{
    private readonly TinyRepository _repository = new TinyRepository().WithContract();
    private readonly Table _table;
    private readonly RunConfig _config;
    private readonly List<Ladder.Sample> _pool, _test;

    public FaultTests()
    {
        _table = _repository.Load();
        _config = RunConfig.Load(_repository.Path("configs/run.yaml"), []);
        var all = Enumerable.Range(0, _table.Count).Select(i => (new Ladder.Sample(_table.Row(i).ToArray(), _table.Labels[i], _table.Labels[i], _table.Rows[i]), _table.Sealed[i])).ToList();
        (_pool, _test) = ([.. all.Where(x => !x.Item2).Select(x => x.Item1)], [.. all.Where(x => x.Item2).Select(x => x.Item1)]);
    }

    public void Dispose() => _repository.Dispose();

    private IReadOnlyList<Ladder.Sample> Plant(long seed) => FaultPlanter.Plant(_pool, _test, _table, _config.Faults, seed);

    [Fact]
    public void Faults_are_planted_in_exact_numbers()
    {
        var rows = Plant(1);
        var originals = rows.Where(r => (r.Fault & (Fault.Duplicate | Fault.Leak)) == 0).ToList();
        Assert.Equal([42, 42, 42, 21], Enumerable.Range(0, 4).Select(c => originals.Count(r => r.True == c)));
        Assert.Equal([8, 8, 8, 4], Enumerable.Range(0, 4).Select(c => originals.Count(r => r.True == c && r.Fault.HasFlag(Fault.Noise))));
        Assert.Equal(10, rows.Count(r => r.Fault.HasFlag(Fault.Duplicate)));
        Assert.Equal(8, rows.Count(r => r.Fault == Fault.Leak));
    }

    [Fact]
    public void Noise_gives_the_label_of_the_look_alike_and_nothing_else_gets_a_wrong_label()
    {
        int[] look = [1, 0, 3, 2];
        Assert.All(Plant(2), r => Assert.Equal(r.Fault.HasFlag(Fault.Noise) ? look[r.True] : r.True, r.Given));
    }

    [Fact]
    public void Leaks_are_test_rows_and_copies_stay_near_their_source()
    {
        var rows = Plant(3);
        Assert.All(rows.Where(r => r.Fault == Fault.Leak), r => Assert.Contains(_test, t => t.Row == r.Row && t.Features.SequenceEqual(r.Features)));
        Assert.All(rows.Where(r => r.Fault.HasFlag(Fault.Duplicate)), r => Assert.All(r.Features.Zip(_pool.First(p => p.Row == r.Row).Features), v => Assert.True(Math.Abs(v.First - v.Second) is 0 or > 0.999 and < 1.001)));
    }

    [Fact]
    public void Another_seed_plants_other_faults_and_the_same_seed_the_same()
    {
        static string Text(IEnumerable<Ladder.Sample> rows) => string.Join(' ', rows.Select(r => $"{r.Row}:{r.Given}"));
        Assert.Equal(Text(Plant(4)), Text(Plant(4)));
        Assert.NotEqual(Text(Plant(4)), Text(Plant(5)));
    }

    [Fact]
    public void A_shift_moves_the_picture_and_gradients_see_its_edges()
    {
        var size = new ImageRule { Width = 4, Height = 4 };
        double[] image = [0, 0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0];
        Assert.Equal([0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 0, 0], Images.Shift(image, size, 1, 0));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0], Images.Shift(image, size, 0, 1));
        var vertical = Images.GradientOrientations([0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9], size);
        Assert.Equal(Images.Width, vertical.Length);
        Assert.Equal(1, vertical.Sum(v => v * v), 1e-12);
        Assert.All(vertical.Index(), v => Assert.True(v.Item == 0 || v.Index % 8 == 0, $"a step from dark to light to the right has direction 0, not {v.Index % 8}"));
    }
}
