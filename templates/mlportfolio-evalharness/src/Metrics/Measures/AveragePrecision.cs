namespace PortfolioProject.Metrics;

/// <summary>
/// Average precision; its mean over queries is MAP (trec_eval's map). In a run of n with r relevant a position is relevant with
/// probability r/n, and an earlier one as well with (r−1)/(n−1).
/// </summary>
public sealed record AveragePrecision() : IRankingMeasure
{
    public string Name => "map";
    public string Definition => "Σ (relevant among the first i) / i over the ranks i of retrieved relevant documents, divided by R, all relevant documents.";

    public double Score(JudgedRanking ranking)
    {
        var (sum, before) = (0.0, 0);
        foreach (var (start, end) in ranking.Runs)
        {
            var (n, r) = (end - start, 0);
            for (var i = start; i < end; i++) r += ranking.Documents[i].Grade > 0 ? 1 : 0;
            for (var i = start; r > 0 && i < end; i++)
                sum += (double)r / n * (before + 1 + (n > 1 ? (i - start) * (r - 1.0) / (n - 1) : 0)) / (i + 1);
            before += r;
        }
        return ranking.Relevant > 0 ? sum / ranking.Relevant : 0;
    }
}
