namespace PortfolioProject.Metrics;

/// <summary>
/// A value of the rank (from 1) of the first relevant document; 0 where none is retrieved. Only the first run that holds a relevant
/// document matters: the first of its relevant ones is met as in drawing without replacement.
/// </summary>
public abstract record FirstHitMeasure(string Name, string Definition, Func<int, double> Value) : IRankingMeasure
{
    public double Score(JudgedRanking ranking)
    {
        foreach (var (start, end) in ranking.Runs)
        {
            var relevant = 0;
            for (var i = start; i < end; i++) relevant += ranking.Documents[i].Grade > 0 ? 1 : 0;
            double mean = 0, noneYet = 1;
            for (var i = start; relevant > 0 && i <= end - relevant; i++)
            {
                var hit = relevant / (double)(end - i);
                mean += noneYet * hit * Value(i + 1);
                noneYet *= 1 - hit;
            }
            if (relevant > 0) return mean;
        }
        return 0;
    }
}
