using System.Globalization;

namespace PortfolioProject.Evidence;

/// <summary>A labelled value with its interval; hollow rows (null systems, say) are there for comparison only.</summary>
public sealed record DotRow(string Label, double? Value, Interval? Interval = null, bool Hollow = false);

/// <summary>Values with intervals, one row each, top to bottom as given; a row without a value reads "not measured".</summary>
public static class DotPlot
{
    public static string Render(ChartText text, IReadOnlyList<DotRow> rows)
    {
        const double Top = 44, RowHeight = 26, Right = Canvas.Width - 76;
        var left = 28 + Math.Clamp(6.6 * rows.Max(r => r.Label.Length), 60, 260);
        var bottom = Top + (RowHeight * rows.Count) + 4;
        var canvas = new Canvas(text, bottom + 70);
        var axis = new Axis(rows.Where(r => r.Value is not null).SelectMany(r => new[] { r.Value!.Value, r.Interval?.Low ?? r.Value.Value, r.Interval?.High ?? r.Value.Value }),
            log: false, left, Right);
        canvas.Across(axis, Top, bottom, (left + Right) / 2);
        foreach (var (row, y) in rows.Select((r, i) => (r, Top + 4 + (RowHeight * (i + 0.5)))))
        {
            canvas.Text(left - 10, y + 4, row.Label, anchor: "end");
            if (row.Interval is { } interval && row.Value is not null)
                canvas.Path(Canvas.Fixed($"M{axis.At(interval.Low):0.#} {y - 4}v8m0 -4H{axis.At(interval.High):0.#}m0 -4v8"), row.Hollow ? 5 : 0);
            if (row.Value is { } value)
                canvas.Marker(axis.At(value), y, row.Hollow ? 3 : 0, row.Hollow);
            canvas.Text(Right + 12, y + 4, row.Value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "not measured", row.Value is null ? "dim" : "");
        }

        return canvas.End();
    }
}
