namespace PortfolioProject.Evidence;

/// <summary>A labelled value with its interval; hollow rows (null systems, say) are there for comparison only.</summary>
public sealed record DotRow(string Label, double? Value, Interval? Interval = null, bool Hollow = false);

/// <summary>Values with intervals, one row each, top to bottom as given; a row without a value reads "not measured".</summary>
public static class DotPlot
{
    public static string Render(ChartText text, IReadOnlyList<DotRow> rows)
    {
        const double Top = 44, RowHeight = 26, Right = Canvas.Width - 104;
        var (left, bottom) = (28 + Math.Clamp(6.9 * rows.Max(r => r.Label.Length), 60, 270), Top + (RowHeight * rows.Count) + 4);
        var canvas = new Canvas(text, bottom);
        var axis = new Axis(rows.SelectMany(r => new[] { r.Value, r.Interval?.Low, r.Interval?.High }).OfType<double>(), log: false, left, Right);
        canvas.Across(axis, Top, (left + Right) / 2);
        foreach (var (i, row) in rows.Index())
        {
            var y = Top + 4 + (RowHeight * (i + 0.5));
            canvas.Text(left - 12, y + 4, row.Label, anchor: "end");
            canvas.Text(Right + 14, y + 4, Format.Number(row.Value), row.Value is null ? "dim" : "");
            if (row is { Value: not null, Interval: { } ends }) canvas.Path($"M{axis.At(ends.Low):0.#} {y - 4}v8m0 -4H{axis.At(ends.High):0.#}m0 -4v8", row.Hollow ? 5 : 0);
            if (row.Value is { } value) canvas.Marker(axis.At(value), y, row.Hollow ? 3 : 0, row.Hollow);
        }

        return canvas.End();
    }
}
