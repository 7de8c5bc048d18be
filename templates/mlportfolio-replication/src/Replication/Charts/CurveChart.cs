namespace PortfolioProject.Replication;

/// <summary>A point of a curve with its interval, in data units.</summary>
public sealed record CurvePoint(double X, double Y, double? Low = null, double? High = null);

/// <summary>One curve: its points, and the thin traces of single seeds behind it.</summary>
public sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points, IReadOnlyList<IReadOnlyList<CurvePoint>>? Traces = null);

/// <summary>A horizontal line that curves are seen against.</summary>
public sealed record Level(string Name, double Y);

/// <summary>Curves as papers print them: interval bands, seed traces, a marked threshold, reference levels; the legend stands above the data.</summary>
public static class CurveChart
{
    private const double Left = 76, Right = Canvas.Width - 28, LegendTop = 48, Height = 290, MarkerGap = 16;

    public static string Render(ChartText text, IReadOnlyList<Curve> curves, IReadOnlyList<Level>? levels = null, (double X, string Name)? threshold = null, bool logX = true, bool logY = true)
    {
        var names = curves.Select(c => c.Name).Concat((levels ?? []).Select(l => l.Name)).ToList();
        var widest = names.Max(n => 66 + (7.3 * n.Length));
        var columns = Math.Max(1, (int)((Right - 16) / widest));
        var top = LegendTop + (20 * ((names.Count + columns - 1) / columns)) + (threshold is null ? 0 : 14);
        var bottom = top + Height;
        var canvas = new Canvas(text, bottom);
        var points = curves.SelectMany(c => c.Points.Concat((c.Traces ?? []).SelectMany(t => t))).ToList();
        var across = new Axis(points.Select(p => p.X), logX, Left, Right);
        var up = new Axis(points.SelectMany(p => new[] { p.Y, p.Low ?? p.Y, p.High ?? p.Y }).Concat((levels ?? []).Select(l => l.Y)), logY, bottom, top);
        canvas.Across(across, top, (Left + Right) / 2);
        foreach (var tick in up.Ticks)
        {
            canvas.Rule(Left, up.At(tick), Right, up.At(tick));
            canvas.Text(Left - 8, up.At(tick) + 4, Label(tick), "dim", "end");
        }

        canvas.Text(20, (top + bottom) / 2, text.YTitle, anchor: "middle", turn: -90);
        if (threshold is { } mark)
        {
            canvas.Path($"M{across.At(mark.X):0.#} {top - 4:0.#}V{bottom:0.#}", 5, style: "stroke:var(--ink);stroke-width:1.2;stroke-dasharray:3 3");
            canvas.Text(across.At(mark.X), top - 8, mark.Name, "dim", "middle");
        }

        FormattableString Line(IEnumerable<CurvePoint> line) => $"M{string.Join('L', line.Select(p => FormattableString.Invariant($"{across.At(p.X):0.#} {up.At(p.Y):0.#}")))}";
        foreach (var (i, curve) in curves.Index())
        {
            var banded = curve.Points.Where(p => p.Low is not null).ToList();
            if (banded.Count > 1)
                canvas.Path($"{Line([.. banded.Select(p => p with { Y = p.High!.Value }), .. banded.AsEnumerable().Reverse().Select(p => p with { Y = p.Low!.Value })])}Z", i, style: $"stroke:none;fill:var(--s{i % 6});fill-opacity:.16");
            foreach (var trace in curve.Traces ?? []) canvas.Path(Line(trace), i, style: "stroke-width:.8;stroke-opacity:.38");
        }

        foreach (var (i, level) in (levels ?? []).Index()) canvas.Path($"M{Left} {up.At(level.Y):0.#}H{Right}", curves.Count + i, dashed: true, style: "stroke-width:1.6");
        foreach (var (i, curve) in curves.Index())
        {
            canvas.Path(Line(curve.Points), i, dashed: true);
            var (x, y) = (double.NegativeInfinity, 0.0);
            foreach (var at in curve.Points.Select(p => (X: across.At(p.X), Y: up.At(p.Y))).Where(p => double.Hypot(p.X - x, p.Y - y) >= MarkerGap))
            {
                (x, y) = at;
                canvas.Marker(x, y, i);
            }
        }

        foreach (var (i, name) in names.Index())
        {
            var (x, y) = (16 + (widest * (i % columns)), LegendTop + (20 * (i / columns)));
            canvas.Path($"M{x:0.#} {y}h32", i, dashed: true);
            if (i < curves.Count) canvas.Marker(x + 16, y, i);
            canvas.Text(x + 40, y + 4, name);
        }

        return canvas.End();
    }

    private static string Label(double value) => Math.Abs(value) is > 0 and (< 1e-3 or >= 1e6) ? value.ToString("0e+0", CultureInfo.InvariantCulture) : Axis.Label(value);
}
