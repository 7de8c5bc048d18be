using System.Net;
using static System.FormattableString;

namespace PortfolioProject.Evidence;

/// <summary>A chart's words: titles with units, what a reader who cannot see it should know, and a caption that states n.</summary>
public sealed record ChartText(string Title, string Description, string XTitle, string YTitle = "", string Caption = "");

/// <summary>An SVG page, 640 units wide, for light and dark screens; colour is never the only signal.</summary>
public sealed class Canvas(ChartText text, double bottom)
{
    public const double Width = 640;

    private const string Style = "svg{--bg:#fff;--ink:#1f2328;--dim:#59636e;--rule:#d1d9e0;--s0:#0b62a8;--s1:#b84a00;--s2:#067a57;--s3:#9c3d77;--s4:#6b5900;--s5:#4c4c4c}\n"
        + "@media(prefers-color-scheme:dark){svg{--bg:#0d1117;--ink:#f0f6fc;--dim:#9198a1;--rule:#30363d;--s0:#6cb6ff;--s1:#ff9d5c;--s2:#4fd0a5;--s3:#f0a3d0;--s4:#e3c54a;--s5:#c0c0c0}}\n"
        + "text{font:12.5px system-ui,-apple-system,'Segoe UI',sans-serif;fill:var(--ink)}.dim{fill:var(--dim);font-size:12px}.head{font-size:15px;font-weight:600}.rule{stroke:var(--rule)}\n";

    private static readonly string[] Dashes = ["", "7 4", "2 3", "9 3 2 3", "12 4", "4 2"];

    /// <summary>Circle, square, triangle, diamond, triangle on its tip, plus; around (0, 0).</summary>
    private static readonly string[] Shapes = ["M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z", "M-4.5 -4.5H4.5V4.5H-4.5Z", "M0 -6L5.5 4.5H-5.5Z", "M0 -6L6 0L0 6L-6 0Z",
        "M0 6L5.5 -4.5H-5.5Z", "M-2 -5H2V-2H5V2H2V5H-2V2H-5V-2H-2Z"];

    private readonly StringBuilder _body = new();
    private readonly List<string> _caption = [.. Regex.Matches(text.Caption, @"\S.{0,91}(?=\s|$)").Select(m => m.Value)];

    public void Text(double x, double y, string words, string style = "", string anchor = "start", double turn = 0) => _body.Append(
        Invariant($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" class=\"{style}\" text-anchor=\"{anchor}\" transform=\"rotate({turn} {x:0.#} {y:0.#})\">{WebUtility.HtmlEncode(words)}</text>\n"));

    public void Rule(double x1, double y1, double x2, double y2) =>
        _body.Append(Invariant($"<line class=\"rule\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\"/>\n"));

    /// <param name="style">CSS that overrides width, fill or opacity.</param>
    public void Path(FormattableString path, int series, bool dashed = false, string style = "") => _body.Append(Invariant(path) is var d
        ? $"<path d=\"{d}\" fill=\"none\" stroke=\"var(--s{series % 6})\" stroke-width=\"2\" stroke-dasharray=\"{(dashed ? Dashes[(series + (series / 6)) % 6] : "none")}\"{(style.Length > 0 ? $" style=\"{style}\"" : "")}/>\n" : "");

    /// <summary>One of six shapes; hollow for what is shown only for comparison.</summary>
    public void Marker(double x, double y, int series, bool hollow = false) => _body.Append(Invariant(
        $"<path transform=\"translate({x:0.#} {y:0.#})\" d=\"{Shapes[series % 6]}\" fill=\"var(--{(hollow || series >= 6 ? "bg" : $"s{series % 6}")})\" stroke=\"var(--s{series % 6})\" stroke-width=\"1.5\"/>\n"));

    /// <summary>Vertical grid lines with their numbers, the axis title under them and the caption at the foot.</summary>
    public void Across(Axis axis, double top, double middle)
    {
        foreach (var tick in axis.Ticks)
        {
            Rule(axis.At(tick), top, axis.At(tick), bottom);
            Text(axis.At(tick), bottom + 17, Axis.Label(tick), "dim", "middle");
        }

        Text(middle, bottom + 38, text.XTitle, "", "middle");
        foreach (var (i, line) in _caption.Index()) Text(16, bottom + 62 + (16 * i), line, "dim");
    }

    public string End() => Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {bottom + 58 + (16 * _caption.Count):0}\" role=\"img\" aria-labelledby=\"t d\">\n")
        + $"<title id=\"t\">{WebUtility.HtmlEncode(text.Title)}</title>\n<desc id=\"d\">{WebUtility.HtmlEncode(text.Description)}</desc>\n<style>\n{Style}</style>\n"
        + $"<rect width=\"100%\" height=\"100%\" fill=\"var(--bg)\"/>\n<text x=\"16\" y=\"26\" class=\"head\">{WebUtility.HtmlEncode(text.Title)}</text>\n{_body}</svg>\n";
}
