namespace PortfolioProject.ConfidentLearning.Tests;

/// <summary>
/// Confident learning once more, written step by step from its definition with plain loops and lists, sharing nothing with the library: what the
/// library is held against on random input.
/// </summary>
internal sealed class SpecReference
{
    private readonly int[] _y;
    private readonly double[][] _p;
    private readonly int _n, _classes;

    public SpecReference(int[] y, double[][] p)
    {
        (_y, _p, _n, _classes) = (y, p, y.Length, p[0].Length);
        Thresholds = new double[_classes];
        Confident = new int[_classes, _classes];
        Calibrated = new int[_classes, _classes];
        Estimate();
        Calibrate();
    }

    public double[] Thresholds { get; }

    public int[,] Confident { get; }

    public int[,] Calibrated { get; }

    public List<int> OffDiagonal { get; } = [];

    public int EstimatedIssues
    {
        get
        {
            double trace = 0, total = 0;
            foreach (var c in Calibrated) total += c;
            for (var k = 0; k < _classes; k++) trace += Calibrated[k, k] / total;
            return (int)Math.Round((1 - trace) * _n, MidpointRounding.ToEven);
        }
    }

    private void Estimate()
    {
        for (var k = 0; k < _classes; k++)
        {
            var own = new List<double>();
            for (var i = 0; i < _n; i++)
            {
                if (_y[i] == k)
                {
                    own.Add(_p[i][k]);
                }
            }

            var t = own.Count == 0 ? 2.0 : NumPySum([.. own]) / own.Count;
            Thresholds[k] = t < 2e-6 ? 2e-6 : t;
        }

        for (var i = 0; i < _n; i++)
        {
            var candidates = new List<int>();
            for (var k = 0; k < _classes; k++)
            {
                if (_p[i][k] >= Thresholds[k] - 1e-6)
                {
                    candidates.Add(k);
                }
            }

            if (candidates.Count == 0)
            {
                continue;
            }

            var guess = candidates.Count == 1 ? candidates[0] : FirstMaximum(_p[i]);
            Confident[_y[i], guess] += 1;
            if (guess != _y[i])
            {
                OffDiagonal.Add(i);
            }
        }

        for (var k = 0; k < _classes; k++)
        {
            if (Confident[k, k] < 1)
            {
                Confident[k, k] = 1;
            }
        }
    }

    private void Calibrate()
    {
        var scaled = new double[_classes, _classes];
        var flat = new List<double>();
        for (var k = 0; k < _classes; k++)
        {
            double sum = 0;
            for (var j = 0; j < _classes; j++)
            {
                sum += Confident[k, j];
            }

            for (var j = 0; j < _classes; j++)
            {
                scaled[k, j] = Confident[k, j] / Math.Max(sum, 1e-100) * _y.Count(l => l == k);
                flat.Add(scaled[k, j]);
            }
        }

        var total = NumPySum([.. flat]);
        for (var k = 0; k < _classes; k++)
        {
            var row = new double[_classes];
            for (var j = 0; j < _classes; j++)
            {
                row[j] = scaled[k, j] / Math.Max(total, 1e-100) * _n;
            }

            var whole = Round(row);
            for (var j = 0; j < _classes; j++)
            {
                Calibrated[k, j] = whole[j];
            }
        }
    }

    /// <summary>One entry moves at a time within a pass; a pass moves at most K, each once, by the order that stood when the pass began.</summary>
    private static int[] Round(double[] values)
    {
        var result = values.Select(v => (int)Math.Round(v, MidpointRounding.ToEven)).ToArray();
        var target = (int)Math.Round(NumPySum(values), MidpointRounding.ToEven);
        while (result.Sum() != target)
        {
            var missing = target - result.Sum();
            var left = values.Zip(result, (v, r) => v - r).ToArray();
            var used = new bool[values.Length];
            for (var move = 0; move < Math.Min(Math.Abs(missing), values.Length); move++)
            {
                var pick = -1;
                for (var i = 0; i < values.Length; i++)
                {
                    if (used[i])
                    {
                        continue;
                    }

                    if (pick < 0 || (missing > 0 ? left[i] >= left[pick] : left[i] < left[pick]))
                    {
                        pick = i;
                    }
                }

                used[pick] = true;
                result[pick] += missing > 0 ? 1 : -1;
            }
        }

        return result;
    }

    public int[] ByNoiseRate(double fraction, int minimum)
    {
        var a = PruneCounts(fraction, minimum);
        var flagged = new HashSet<int>();
        for (var k = 0; k < _classes; k++)
        {
            var members = Enumerable.Range(0, _n).Where(i => _y[i] == k).ToList();
            for (var j = 0; members.Count > minimum && j < _classes; j++)
            {
                if (j != k && a[j, k] > 0)
                {
                    var (given, other) = (k, j);
                    members.OrderByDescending(i => _p[i][other] - _p[i][given]).ThenBy(i => i).Take(a[j, k]).ToList().ForEach(i => flagged.Add(i));
                }
            }
        }

        return [.. flagged.Where(Disagrees).Order()];
    }

    public int[] ByClass(double fraction, int minimum)
    {
        var a = PruneCounts(fraction, minimum);
        var flagged = new List<int>();
        for (var k = 0; k < _classes; k++)
        {
            var members = Enumerable.Range(0, _n).Where(i => _y[i] == k).ToList();
            var given = k;
            flagged.AddRange(members.OrderBy(i => _p[i][given]).ThenBy(i => i).Take(Math.Max(0, members.Count - a[k, k])));
        }

        return [.. flagged.Where(Disagrees).Order()];
    }

    public int[] ConfidentLearning() => [.. OffDiagonal.Where(Disagrees)];

    public int[] PredictedNeqGiven() => [.. Enumerable.Range(0, _n).Where(i => FirstMaximum(_p[i]) != _y[i] && Disagrees(i))];

    public int[] Lowest(Func<int, double> score) => [.. Enumerable.Range(0, _n).OrderBy(score).ThenBy(i => i).Take(ConfidentLearning().Length).Order()];

    public double SelfConfidence(int i) => _p[i][_y[i]];

    public double Margin(int i) => (_p[i][_y[i]] - _p[i].Where((_, k) => k != _y[i]).Max() + 1) / 2;

    private int[,] PruneCounts(double fraction, int minimum)
    {
        var real = new double[_classes, _classes];
        for (var k = 0; k < _classes; k++)
        {
            double nonzeros = 0;
            for (var j = 0; j < _classes; j++)
            {
                real[j, k] = Calibrated[k, j];
                nonzeros += Calibrated[k, j] != 0 ? 1 : 0;
            }

            var raised = Math.Max(real[k, k], minimum);
            var each = (raised - real[k, k]) / Math.Max(nonzeros - 1, 1);
            double freed = 0;
            for (var j = 0; j < _classes; j++)
            {
                if (j == k)
                {
                    continue;
                }

                var reduced = Math.Max(real[j, k] - each, 0);
                real[j, k] = reduced * fraction;
                freed += reduced - real[j, k];
            }

            real[k, k] = raised + freed;
        }

        var whole = new int[_classes, _classes];
        for (var j = 0; j < _classes; j++)
        {
            var row = Round([.. Enumerable.Range(0, _classes).Select(k => Math.Truncate(real[j, k]))]);
            for (var k = 0; k < _classes; k++)
            {
                whole[j, k] = row[k];
            }
        }

        return whole;
    }

    private bool Disagrees(int i) => FirstMaximum([.. _p[i].Select((v, k) => k == _y[i] ? v + 1e-6 : v)]) != _y[i];

    private static int FirstMaximum(double[] values) => Array.IndexOf(values, values.Max());

    /// <summary>As NumPy's documentation of its pairwise summation describes it.</summary>
    private static double NumPySum(double[] v)
    {
        if (v.Length < 8)
        {
            return v.Aggregate(0.0, (a, b) => a + b);
        }

        if (v.Length > 128)
        {
            var cut = v.Length / 2;
            cut -= cut % 8;
            return NumPySum(v[..cut]) + NumPySum(v[cut..]);
        }

        var r = v[..8];
        var at = 8;
        for (; at < v.Length - (v.Length % 8); at += 8)
        {
            for (var j = 0; j < 8; j++)
            {
                r[j] += v[at + j];
            }
        }

        var sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
        for (; at < v.Length; at++)
        {
            sum += v[at];
        }

        return sum;
    }
}
