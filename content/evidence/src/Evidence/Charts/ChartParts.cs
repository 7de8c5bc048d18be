using System.Globalization;
using System.Net;
using System.Text;

namespace PortfolioProject.Evidence;

/// <summary>A chart's words: titles with units, what a reader who cannot see it should know, and a caption that states n.</summary>
public sealed record ChartText(string Title, string Description, string XTitle, string YTitle = "", string Caption = "");

/// <summary>A linear or logarithmic scale with round ticks; its ends are ticks.</summary>
internal sealed class Axis
{
    private readonly bool _log;
    private readonly double _low, _high, _from, _to;

    public Axis(IEnumerable<double> values, bool log, double from, double to)
    {
        (_log, _from, _to) = (log, from, to);
        var finite = values.Where(v => double.IsFinite(v) && (!log || v > 0)).DefaultIfEmpty(1).ToList();
        var (low, high) = (finite.Min(), finite.Max());
        if (log)
        {
            var whole = high / low > 30 ? new double[] { 1 } : [1, 2, 5];
            var all = Enumerable.Range(-15, 31).SelectMany(e => whole.Select(m => m * Math.Pow(10, e))).ToList();
            (low, high) = (all.Last(t => t <= low * 1.000001), all.First(t => t >= high * 0.999999 && t > low));
            Ticks = [.. all.Where(t => t >= low && t <= high)];
        }
        else
        {
            (low, high) = high - low < 1e-9 * Math.Max(1, Math.Abs(high)) ? (low - 0.5, high + 0.5) : (low, high);
            var rough = (high - low) / 5;
            var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            var step = power * (rough / power <= 1.001 ? 1 : rough / power <= 2.001 ? 2 : rough / power <= 5.001 ? 5 : 10);
            var (first, last) = ((long)Math.Floor((low / step) + 1e-9), (long)Math.Ceiling((high / step) - 1e-9));
            Ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 12))];
        }

        (_low, _high) = (Scale(Ticks[0]), Scale(Ticks[^1]));
    }

    public IReadOnlyList<double> Ticks { get; }

    public double At(double value) => _from + ((_to - _from) * (Scale(value) - _low) / (_high - _low));

    public static string Label(double value) => value.ToString(Math.Abs(value) >= 10_000 ? "#,0" : "0.######", CultureInfo.InvariantCulture);

    private double Scale(double value) => _log ? Math.Log10(value) : value;
}

/// <summary>An SVG page, 640 units wide, for light and dark screens; colour is never the only signal.</summary>
internal sealed class Canvas(ChartText text, double height)
{
    public const double Width = 640;

    private const string Style = """
          svg{--bg:#fff;--ink:#1f2328;--dim:#59636e;--rule:#d1d9e0;--s0:#0b62a8;--s1:#b84a00;--s2:#067a57;--s3:#9c3d77;--s4:#6b5900;--s5:#4c4c4c}
          @media(prefers-color-scheme:dark){svg{--bg:#0d1117;--ink:#f0f6fc;--dim:#9198a1;--rule:#30363d;--s0:#6cb6ff;--s1:#ff9d5c;--s2:#4fd0a5;--s3:#f0a3d0;--s4:#e3c54a;--s5:#c0c0c0}}
          text{font:12px system-ui,-apple-system,'Segoe UI',sans-serif;fill:var(--ink)}.dim{fill:var(--dim);font-size:11.5px}.head{font-size:15px;font-weight:600}.rule{stroke:var(--rule)}
        """;

    private static readonly string[] Dashes = ["", "7 4", "2 3", "9 3 2 3", "12 4", "4 2"];

    private readonly StringBuilder _body = new();

    public void Text(double x, double y, string words, string style = "", string anchor = "start", double turn = 0) =>
        _body.Append(Fixed($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" class=\"{style}\" text-anchor=\"{anchor}\"{(turn == 0 ? "" : Fixed($" transform=\"rotate({turn:0} {x:0.#} {y:0.#})\""))}>"))
            .Append(WebUtility.HtmlEncode(words)).Append("</text>\n");

    public void Rule(double x1, double y1, double x2, double y2) =>
        _body.Append(Fixed($"<line class=\"rule\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\"/>\n"));

    public void Path(string path, int series, bool dashed = false) => _body.Append(Fixed(
        $"<path d=\"{path}\" fill=\"none\" stroke=\"var(--s{series % 6})\" stroke-width=\"2\" stroke-dasharray=\"{(dashed ? Dashes[series % 6] : "")}\"/>\n"));

    /// <summary>One of six shapes, centred; hollow for what is shown only for comparison.</summary>
    public void Marker(double x, double y, int series, bool hollow = false)
    {
        var shape = (series % 6) switch
        {
            0 => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
            1 => "M-4.5 -4.5H4.5V4.5H-4.5Z",
            2 => "M0 -6L5.5 4.5H-5.5Z",
            3 => "M0 -6L6 0L0 6L-6 0Z",
            4 => "M0 6L5.5 -4.5H-5.5Z",
            _ => "M-2 -5H2V-2H5V2H2V5H-2V2H-5V-2H-2Z",
        };
        _body.Append(Fixed($"<path transform=\"translate({x:0.#} {y:0.#})\" d=\"{shape}\" fill=\"var(--{(hollow ? "bg" : $"s{series % 6}")})\" stroke=\"var(--s{series % 6})\" stroke-width=\"1.5\"/>\n"));
    }

    /// <summary>Vertical grid lines with their numbers, the axis title under them and the caption at the foot.</summary>
    public void Across(Axis axis, double top, double bottom, double middle)
    {
        foreach (var tick in axis.Ticks)
        {
            Rule(axis.At(tick), top, axis.At(tick), bottom);
            Text(axis.At(tick), bottom + 16, Axis.Label(tick), "dim", "middle");
        }

        Text(middle, bottom + 36, text.XTitle, "", "middle");
        Text(16, bottom + 58, text.Caption, "dim");
    }

    public string End() => Fixed($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width:0} {height:0}\" role=\"img\" aria-labelledby=\"t d\">\n")
        + $"<title id=\"t\">{WebUtility.HtmlEncode(text.Title)}</title>\n<desc id=\"d\">{WebUtility.HtmlEncode(text.Description)}</desc>\n<style>\n{Style.ReplaceLineEndings("\n")}\n</style>\n"
        + "<rect width=\"100%\" height=\"100%\" fill=\"var(--bg)\"/>\n"
        + $"<text x=\"16\" y=\"26\" class=\"head\">{WebUtility.HtmlEncode(text.Title)}</text>\n{_body}</svg>\n";

    public static string Fixed(FormattableString text) => FormattableString.Invariant(text);
}
