namespace PortfolioProject.Monitoring;

/// <summary>Prometheus' text exposition format, version 0.0.4. Samples of a family follow its declaration.</summary>
public sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <param name="type">counter, gauge or histogram.</param>
    public PrometheusText Family(string name, string type, string help)
    {
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help.Replace("\\", "\\\\").Replace("\n", "\\n")}\n# TYPE {name} {type}\n");
        return this;
    }

    public PrometheusText Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        for (var i = 0; i < labels.Length; i++)
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(labels[i].Value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")).Append('"');
        _text.Append(labels.Length > 0 ? "} " : " ").Append(CultureInfo.InvariantCulture, $"{value:R}").Append('\n');
        return this;
    }

    /// <summary>Cumulated buckets, sum and count.</summary>
    public PrometheusText Histogram(string name, LatencyHistogram histogram, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var (sum, counts, total) = (histogram.SumSeconds, histogram.Snapshot(), 0L);
        for (var i = 0; i < counts.Length; i++)
            Sample(name + "_bucket", total += counts[i], [.. labels, ("le", i < LatencyHistogram.Bounds.Count ? FormattableString.Invariant($"{LatencyHistogram.Bounds[i]:R}") : "+Inf")]);
        return Sample(name + "_sum", sum, labels).Sample(name + "_count", total, labels);
    }

    public override string ToString() => _text.ToString();
}
