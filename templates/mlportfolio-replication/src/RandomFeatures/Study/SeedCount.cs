using PortfolioProject.Evidence;
using PortfolioProject.Replication;

namespace PortfolioProject.RandomFeatures;

/// <summary>
/// How well few seeds know the height of the peak: of a group of seeds, the second half gives the reference (its median), the first 1, 3 or
/// half of the group an estimate, by mean or median. The value is |log₁₀(estimate / reference)| of the test loss at the last size.
/// </summary>
internal static class SeedCount
{
    public const string Metric = "peak-error";

    public static WorkUnit Unit(int group, IReadOnlyList<long> seeds, Protocol protocol, Dataset data)
    {
        var half = seeds.Count / 2;
        var variants = new[] { 1, 3, half }.Distinct().SelectMany(k => new[] { (Name: $"median of {k}", k, Median: true), (Name: $"mean of {k}", k, Median: false) }).ToList();
        return new WorkUnit(group, [.. variants.Select(v => (v.Name, Cells.Case(group, "peak")))], () =>
        {
            var losses = seeds.Select(seed => new SeedRun(protocol, data.Rows, data.Labels, data.Classes, seed).Run().Last().TestLoss).ToList();
            var reference = Series.Median(losses.Skip(half));
            return [.. variants.Select(v =>
            {
                double[] first = [.. losses.Take(v.k)];
                return Cells.Record(v.Name, "peak", group, [(Metric, Math.Abs(Math.Log10((v.Median ? Series.Median(first) : Statistics.Mean(first)) / reference)))]);
            })];
        });
    }
}
