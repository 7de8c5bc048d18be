using System.Text.Json;
using PortfolioProject.Audit;

namespace PortfolioProject.DataCentric.Tests;

/// <summary>Each finder against a truth that was planted, and the distances against published vectors.</summary>
public sealed class FinderTests
{
    private static readonly JsonElement _knn = Read();

    private static double[][] Rows(JsonElement e) => [.. e.EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray())];

    private static JsonElement Read()
    {
        using var stream = typeof(FinderTests).Assembly.GetManifestResourceStream("cl_vectors.json")!;
        return JsonDocument.Parse(stream).RootElement.GetProperty("knn");
    }

    private static NeighbourGraph Graph(double[][] rows, Metric metric = Metric.Euclidean, int k = 10) => Neighbours.Find([.. rows.SelectMany(r => r)], rows[0].Length, k, metric)[0];

    private static double[][] Normals(int n, int width, long seed)
    {
        var stream = new RandomStream(seed, 1);
        return [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, width).Select(_ => stream.Normal()).ToArray())];
    }

    [Theory, InlineData(0), InlineData(1)]
    public void Near_duplicates_are_those_of_the_vectors(int number)
    {
        var v = _knn[number];
        var graph = Graph(Rows(v.GetProperty("features")), v.TryGetProperty("metric", out _) ? Metric.Cosine : Metric.Euclidean);
        var expected = v.GetProperty("near_duplicate").GetProperty("sets").EnumerateArray().Index().SelectMany(s => s.Item.EnumerateArray().Select(o => (s.Index, o.GetInt32()))).Where(p => p.Item1 < p.Item2);
        Assert.Equal(expected, NearDuplicates.Find(graph, 0.13));
        Assert.Equal(0.13 * v.GetProperty("near_duplicate").GetProperty("median_nn").GetDouble(), NearDuplicates.Radius(graph, 0.13), 1e-12);
    }

    [Fact]
    public void Outliers_are_those_of_the_vectors()
    {
        var v = _knn[0];
        var (cut, rows) = Outliers.Find(Graph(Rows(v.GetProperty("features"))));
        Assert.Equal(v.GetProperty("outlier").GetProperty("issue_rows").EnumerateArray().Select(r => r.GetInt32()), rows);
        Assert.Equal(v.GetProperty("outlier").GetProperty("cut").GetDouble(), cut, 1e-5);
    }

    [Fact]
    public void Order_dependence_has_the_statistic_of_the_vectors()
    {
        var cases = _knn[2].GetProperty("cases");
        double Ks(double[][] rows) => OrderDependence.Ks(Graph(rows), [.. Enumerable.Range(0, rows.Length)]);
        Assert.Equal(cases[0].GetProperty("ks").GetDouble(), Ks([.. Enumerable.Range(0, 50).Select(i => new[] { (double)i })]), 1e-9);
        Assert.Equal(cases[1].GetProperty("ks").GetDouble(), Ks(Rows(cases[1].GetProperty("features"))), 1e-9);
    }

    [Theory, InlineData(Metric.Euclidean), InlineData(Metric.Cosine)]
    public void Neighbours_are_those_of_a_plain_search(Metric metric)
    {
        var rows = Normals(150, 7, 3);
        var graph = Graph(rows, metric, 4);
        for (var i = 0; i < rows.Length; i++)
        {
            double Distance(double[] b) => metric == Metric.Euclidean ? Math.Sqrt(rows[i].Zip(b, (p, q) => (p - q) * (p - q)).Sum())
                : 1 - (rows[i].Zip(b, (p, q) => p * q).Sum() / Math.Sqrt(rows[i].Sum(p => p * p) * b.Sum(q => q * q)));
            var expected = Enumerable.Range(0, rows.Length).Where(j => j != i).OrderBy(j => Distance(rows[j])).Take(4).ToArray();
            Assert.Equal(expected, graph.Rows[(i * 4)..((i + 1) * 4)]);
            Assert.Equal(Distance(rows[expected[0]]), graph.Distances[i * 4], 1e-12);
        }
    }

    [Fact]
    public void A_table_smaller_than_its_neighbourhoods_is_searched_as_far_as_it_goes()
    {
        Assert.Equal(2, Graph([[0.0], [1.0], [5.0]]).K);
        Assert.Empty(NearDuplicates.Find(Neighbours.Find([1.0], 1, 10, Metric.Euclidean)[0], 0.5));
    }

    [Fact]
    public void Planted_copies_are_found_exactly_and_nearly()
    {
        var rows = Normals(120, 6, 5).ToList();
        rows.AddRange(Enumerable.Range(0, 10).Select(i => rows[i * 3].ToArray()));
        rows.AddRange(Enumerable.Range(0, 10).Select(i => rows[i * 5 + 1].Select(v => v + 0.01).ToArray()));
        var pairs = NearDuplicates.Find(Graph([.. rows]), 0.13);
        Assert.Equal(Enumerable.Range(120, 20), NearDuplicates.Later(pairs).Order());
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i * 3} {120 + i}"), NearDuplicates.Exact([.. rows.SelectMany(r => r)], 6).Select(g => string.Join(' ', g)));
    }

    [Fact]
    public void An_order_that_follows_the_values_is_noticed_and_a_random_one_is_not()
    {
        var rows = Normals(200, 3, 9);
        Assert.Equal(0.01, OrderDependence.Test(Graph([.. rows.OrderBy(r => r[0])]), 1).P);
        Assert.InRange(OrderDependence.Test(Graph(rows), 1).P, 0.05, 1);
    }

    private static Table Made(Func<int, double[]> row, int n, string[] names, Func<int, int> label) => new(CsvText.Parse("", ""),
        new Contract { Label = "kind", Test = new TestRule { Kind = SplitKind.Stratified }, Columns = [.. names.Select(c => new ColumnRule { Name = c, Type = ColumnType.Number })] },
        names, [.. Enumerable.Range(0, n).SelectMany(row)], [.. Enumerable.Range(0, n).Select(label)], ["a", "b"], [.. Enumerable.Range(1, n)], [.. Enumerable.Range(0, n).Select(i => i % 3 == 0)], "", [0, 0, 3]);

    [Fact]
    public void Constant_identifier_and_gappy_columns_are_named()
    {
        var stream = new RandomStream(4, 1);
        var table = Made(i => [7, 1000 + i, stream.Below(5)], 60, ["constant", "number", "gappy"], i => i % 2);
        Assert.Equal(["constant: constant", "number: whole", "gappy (3): empty"], SuspectColumns.Find(table).Select(c => $"{c.Feature}: {c.Why.Split(' ')[0]}"));
    }

    [Fact]
    public void A_feature_that_moved_between_train_and_test_drifts_and_the_others_do_not()
    {
        var stream = new RandomStream(6, 1);
        var table = Made(i => [stream.Normal() + (i % 3 == 0 ? 1.5 : 0), stream.Normal(), stream.Normal()], 600, ["moved", "still", "also still"], i => i % 2);
        var found = Drift.Find(table, table.Sealed);
        Assert.Equal(["moved"], found.Where(d => d.AdjustedP < 0.05 && d.Psi > 0.1).Select(d => d.Feature));
        Assert.Equal(0, Drift.Psi([1, 2, 3, 4], [1, 2, 3, 4]), 1e-12);
        Assert.Equal(1, Drift.KsP([1, 2, 3, 4], [1, 2, 3, 4]), 1e-12);
    }

    [Fact]
    public void The_weakest_slice_is_where_the_errors_were_planted()
    {
        var stream = new RandomStream(8, 1);
        var values = Enumerable.Range(0, 500).Select(_ => new[] { stream.Unit(), stream.Unit(), 0 }).ToArray();
        var table = Made(i => values[i], 500, ["x", "y", "z"], i => i % 2);
        var right = values.Select(v => !(v[0] > 0.7 && v[1] <= 0.4)).ToArray();
        var weakest = WeakSlices.Find(table, right)[0];
        Assert.Matches("x > 0\\.[67]", weakest.Name);
        Assert.Matches("y ≤ 0\\.[34]", weakest.Name);
        Assert.InRange((double)weakest.Right / weakest.N, 0, 0.2);
        Assert.InRange(weakest.Interval.High, weakest.Interval.Low, 0.5);
    }
}
