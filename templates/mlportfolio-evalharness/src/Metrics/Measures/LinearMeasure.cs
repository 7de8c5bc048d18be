namespace PortfolioProject.Metrics;

/// <summary>
/// Σ gain(grade) / discount(rank) over the first ranks, divided by a norm; 0 where the norm is 0. Being linear, its mean over the orders
/// of a run is its value for the run's mean gain (McSherry and Najork, ECIR 2008).
/// </summary>
/// <param name="Name">As printed.</param>
/// <param name="Definition">As explained.</param>
/// <param name="Depth">How many ranks count.</param>
/// <param name="Norm">What the sum is divided by.</param>
/// <param name="Gain">Of a grade above 0; 1 unless given.</param>
/// <param name="Discount">Of a rank, from 1; 1 unless given.</param>
public abstract record LinearMeasure(
    string Name, string Definition, Func<JudgedRanking, int> Depth, Func<JudgedRanking, double> Norm, Func<int, double>? Gain = null, Func<int, double>? Discount = null) : IRankingMeasure
{
    public double Score(JudgedRanking ranking)
    {
        double sum = 0, norm = Norm(ranking);
        var depth = Depth(ranking);
        foreach (var (start, end) in ranking.Runs)
        {
            if (start >= depth) break;
            var gain = 0.0;
            for (var i = start; i < end; i++) gain += ranking.Documents[i].Grade is > 0 and var grade ? Gain?.Invoke(grade) ?? 1 : 0;
            for (var i = start; gain > 0 && i < Math.Min(end, depth); i++) sum += gain / (end - start) / (Discount?.Invoke(i + 1) ?? 1);
        }
        return norm > 0 ? sum / norm : 0;
    }
}
