namespace PortfolioProject.Evidence;

/// <summary>A linear or logarithmic scale from data to page; its ends are round ticks.</summary>
public sealed class Axis
{
    private readonly bool _log;
    private readonly double _from, _to;

    public Axis(IEnumerable<double> values, bool log, double from, double to)
    {
        (_log, _from, _to) = (log, from, to);
        var known = values.Where(v => double.IsFinite(v) && (!log || v > 0)).DefaultIfEmpty(1).ToList();
        var (low, high) = known.Max() - known.Min() > 1e-9 * Math.Abs(known.Max()) ? (known.Min(), known.Max()) : log ? (known[0] / 2, known[0] * 2) : (known[0] - 0.5, known[0] + 0.5);
        var power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / 5)));
        var step = power * new[] { 1, 2, 5, 10 }.First(m => m * power * 1.001 >= (high - low) / 5);
        int[] digits = high / low > 2000 ? [1] : [1, 2, 5];
        var all = log ? Enumerable.Range(-15, 31).SelectMany(e => digits.Select(d => d * Math.Pow(10, e))).ToList()
            : [.. Enumerable.Range(-1, 12).Select(i => Math.Round((Math.Floor(low / step) + i) * step, 12))];
        Ticks = [.. all.Where(t => t >= all.Last(a => a <= low + (1e-9 * step)) && t <= all.First(a => a >= high - (1e-9 * step)))];
    }

    public IReadOnlyList<double> Ticks { get; }

    public double At(double value) => _from + ((_to - _from) * (Scale(value) - Scale(Ticks[0])) / (Scale(Ticks[^1]) - Scale(Ticks[0])));

    public static string Label(double value) => value.ToString(Math.Abs(value) >= 10_000 ? "#,0" : "0.######", CultureInfo.InvariantCulture);

    private double Scale(double value) => _log ? Math.Log10(value) : value;
}
