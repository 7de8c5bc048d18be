using System.Globalization;
using System.Text;

namespace PortfolioProject.EvalHarness.Tests;

/// <summary>
/// A second, naive scorer to check against, organised as trec_eval is: sort the whole file's lines by topic, per topic sort by score and
/// id bytes, count documents at each relevance level, then one loop a measure. Shares no code with the product.
/// </summary>
internal static class TrecEvalReference
{
    public static Dictionary<string, double> Score(string run, string qrels, bool onlyTopicsInBoth)
    {
        var retrieved = Lines(run).Select(f => (Topic: f[0], Id: f[2], Score: double.Parse(f[4], CultureInfo.InvariantCulture))).ToLookup(l => l.Topic);
        var judged = Lines(qrels).Select(f => (Topic: f[0], Id: f[2], Grade: int.Parse(f[3], CultureInfo.InvariantCulture))).ToLookup(l => l.Topic);
        var sums = new Dictionary<string, double>();
        var topics = 0;
        foreach (var topic in judged.Select(j => j.Key))
        {
            if (onlyTopicsInBoth ? !retrieved.Contains(topic) : !judged[topic].Any(j => j.Grade > 0)) continue;
            topics++;
            var order = retrieved[topic].ToList();
            order.Sort((a, b) => a.Score > b.Score ? -1 : a.Score < b.Score ? 1 : Bytes(b.Id).AsSpan().SequenceCompareTo(Bytes(a.Id)));
            var list = order.Select(d => judged[topic].Where(j => j.Id == d.Id).Select(j => j.Grade).DefaultIfEmpty(-1).Single()).ToArray();
            var levels = new int[Math.Max(0, judged[topic].Max(j => j.Grade)) + 1];
            foreach (var j in judged[topic]) if (j.Grade >= 0) levels[j.Grade]++;
            foreach (var (name, value) in Topic(list, levels)) sums[name] = sums.GetValueOrDefault(name) + value;
        }
        return sums.ToDictionary(s => s.Key, s => s.Value / topics);
    }

    private static IEnumerable<(string, double)> Topic(int[] list, int[] levels)
    {
        var relevant = levels.Skip(1).Sum();
        yield return ("ndcg", Gain(list, levels, int.MaxValue));
        yield return ("ndcg@5", Gain(list, levels, 5));
        yield return ("ndcg@10", Gain(list, levels, 10));
        double sum = 0, first = 0;
        int soFar = 0, atFive = 0, atR = 0;
        for (var i = 0; i < list.Length; i++)
        {
            if (list[i] < 1) continue;
            soFar++;
            sum += (double)soFar / (i + 1);
            if (first == 0) first = 1.0 / (i + 1);
            if (i < 5) atFive++;
            if (i < relevant) atR++;
        }
        yield return ("map", relevant == 0 ? 0 : sum / relevant);
        yield return ("mrr", first);
        yield return ("p@5", atFive / 5.0);
        yield return ("recall@5", relevant == 0 ? 0 : (double)atFive / relevant);
        yield return ("success@5", atFive > 0 ? 1 : 0);
        yield return ("rprec", relevant == 0 ? 0 : (double)atR / relevant);
    }

    private static double Gain(int[] list, int[] levels, int cutoff)
    {
        double gain = 0, ideal = 0;
        for (var i = 0; i < list.Length && i < cutoff; i++) if (list[i] > 0) gain += list[i] / Math.Log2(i + 2);
        var rank = 0;
        for (var level = levels.Length - 1; level > 0; level--)
            for (var n = 0; n < levels[level] && rank < cutoff; n++) ideal += level / Math.Log2(++rank + 1);
        return ideal > 0 ? gain / ideal : 0;
    }

    private static IEnumerable<string[]> Lines(string text) => text.Split('\n')
        .Select(l => l.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length > 0 && !f[0].StartsWith('#'));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
