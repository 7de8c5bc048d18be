namespace PortfolioProject.Evidence;

/// <summary>One line of a chart; its points are joined in the order given.</summary>
public sealed record LineSeries(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Several series over linear or logarithmic axes; each has a marker and a dash pattern of its own, the legend stands above the data.</summary>
public static class LineChart
{
    public static string Render(ChartText text, IReadOnlyList<LineSeries> series, bool logX = false, bool logY = false)
    {
        const double Left = 72, Right = Canvas.Width - 24, LegendTop = 50;
        var (x, line) = (Left, 0);
        var legend = new List<(double X, double Y)>();
        foreach (var wide in series.Select(s => 50 + (6.8 * s.Name.Length)))
        {
            (x, line) = x > Left && x + wide > Right ? (Left, line + 1) : (x, line);
            legend.Add((x, LegendTop + (20 * line)));
            x += wide;
        }

        var (top, bottom) = (LegendTop + 18 + (20 * line), LegendTop + 278 + (20 * line));
        var canvas = new Canvas(text, bottom + 70);
        var across = new Axis(series.SelectMany(s => s.Points).Select(p => p.X), logX, Left, Right);
        var up = new Axis(series.SelectMany(s => s.Points).Select(p => p.Y), logY, bottom, top);
        canvas.Across(across, top, bottom, (Left + Right) / 2);
        foreach (var tick in up.Ticks)
        {
            canvas.Rule(Left, up.At(tick), Right, up.At(tick));
            canvas.Text(Left - 8, up.At(tick) + 4, Axis.Label(tick), "dim", "end");
        }

        canvas.Text(18, (top + bottom) / 2, text.YTitle, anchor: "middle", turn: -90);
        foreach (var (s, i) in series.Select((s, i) => (s, i)))
        {
            canvas.Path(Canvas.Fixed($"M{legend[i].X} {legend[i].Y}h28"), i, dashed: true);
            canvas.Marker(legend[i].X + 14, legend[i].Y, i);
            canvas.Text(legend[i].X + 34, legend[i].Y + 4, s.Name);
            canvas.Path(string.Join(' ', s.Points.Select((p, at) => Canvas.Fixed($"{(at == 0 ? "M" : "L")}{across.At(p.X):0.#} {up.At(p.Y):0.#}"))), i, dashed: true);
            foreach (var (px, py) in s.Points)
                canvas.Marker(across.At(px), up.At(py), i);
        }

        return canvas.End();
    }
}
