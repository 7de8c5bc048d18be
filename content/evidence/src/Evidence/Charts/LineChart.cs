namespace PortfolioProject.Evidence;

/// <summary>One line of a chart; its points are joined in the order given.</summary>
public sealed record LineSeries(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Several series over linear or logarithmic axes; each has a marker and a dash pattern of its own, the legend stands above the data.</summary>
public static class LineChart
{
    public static string Render(ChartText text, IReadOnlyList<LineSeries> series, bool logX = false, bool logY = false)
    {
        const double Left = 76, Right = Canvas.Width - 28, LegendTop = 48;
        var widest = series.Max(s => 54 + (6.9 * s.Name.Length));
        var columns = Math.Max(1, (int)((Right - 16) / widest));
        var top = LegendTop + (20 * ((series.Count + columns - 1) / columns));
        var bottom = top + 270;
        var canvas = new Canvas(text, bottom);
        var across = new Axis(series.SelectMany(s => s.Points, (_, p) => p.X), logX, Left, Right);
        var up = new Axis(series.SelectMany(s => s.Points, (_, p) => p.Y), logY, bottom, top);
        canvas.Across(across, top, (Left + Right) / 2);
        foreach (var tick in up.Ticks)
        {
            canvas.Rule(Left, up.At(tick), Right, up.At(tick));
            canvas.Text(Left - 8, up.At(tick) + 4, Axis.Label(tick), "dim", "end");
        }

        canvas.Text(20, (top + bottom) / 2, text.YTitle, anchor: "middle", turn: -90);
        foreach (var (i, line) in series.Index())
        {
            var (x, y) = (16 + (widest * (i % columns)), LegendTop + (20 * (i / columns)));
            canvas.Path($"M{x:0.#} {y}h32", i, dashed: true);
            canvas.Marker(x + 16, y, i);
            canvas.Text(x + 40, y + 4, line.Name);
            var points = line.Points.Select(p => (X: across.At(p.X), Y: up.At(p.Y))).ToList();
            canvas.Path($"M{string.Join('L', points.Select(p => FormattableString.Invariant($"{p.X:0.#} {p.Y:0.#}")))}", i, dashed: true);
            foreach (var point in points) canvas.Marker(point.X, point.Y, i);
        }

        return canvas.End();
    }
}
