using HandlebarsDotNet;

namespace PortfolioProject.Evidence;

/// <summary>
/// Renders Handlebars templates (docs/blocks/NAME.hbs, or a page) with a JSON model. Helpers: num x [decimals], signed, pct, p, interval row, verdict comparison, eq a b;
/// value | metric | row METRIC VARIANT [SLICE], rows METRIC [TAG] (best first), title METRIC, latency VARIANT STAGE.
/// </summary>
public sealed class Renderer
{
    private readonly IHandlebars _engine;
    private readonly string _folder;

    /// <param name="html">Whether values are escaped for HTML; Markdown takes them as they are.</param>
    public Renderer(Portfolio portfolio, MetricTable metrics, LatencyTable latency, bool html = false)
    {
        _engine = Handlebars.Create(new HandlebarsConfiguration { NoEscape = !html, FormatProvider = CultureInfo.InvariantCulture });
        _folder = Path.Combine(portfolio.Root, "docs", "blocks");
        MetricRow? Row(Arguments a) => metrics.Find(portfolio.Metric($"{a[0]}").Name, $"{a[1]}", a.Length > 2 ? $"{a[2]}" : null);
        Helper("num", a => Format.Number(Double(a[0]), Decimals(a, 3)));
        Helper("signed", a => Format.Signed(Double(a[0]), Decimals(a, 3)));
        Helper("pct", a => Format.Percent(Double(a[0]), Decimals(a, 1)));
        Helper("p", a => Format.P(Double(a[0])));
        Helper("interval", a => Format.Bounds(Double(At(a[0], "low")), Double(At(a[0], "high")), Decimals(a, 3)));
        Helper("verdict", a => Format.Name(Enum.TryParse<Verdict>($"{At(a[0], "verdict")}", ignoreCase: true, out var v) ? v : null));
        Helper("eq", a => Equals(a[0], a[1]) || (Double(a[0]) is { } x && x == Double(a[1])));
        Helper("value", a => new Figure(Row(a)?.Value));
        Helper("metric", a => Format.Measured(Row(a)));
        Helper("row", a => Row(a) is { } row ? Plain(RunJson.Node(row)) : null);
        Helper("title", a => portfolio.Metric($"{a[0]}").Title);
        Helper("latency", a => Plain(RunJson.Node(latency)["rows"]!.AsArray().FirstOrDefault(r => $"{r!["variant"]}" == $"{a[0]}" && $"{r["stage"]}" == $"{a[1]}")));
        Helper("rows", a => metrics.Rows.Where(r => r.Name == portfolio.Metric($"{a[0]}").Name && (a.Length > 1 ? r.Slice?.StartsWith($"{a[1]}=") == true : r.Slice is null))
            .OrderBy(r => r.Slice, StringComparer.Ordinal).ThenBy(r => r.Direction == Direction.Lower ? r.Value : -r.Value).Select(r => Plain(RunJson.Node(r))).ToList());
    }

    internal string Render(string name, JsonObject model) => Render(TextFile.Read(Path.Combine(_folder, name + ".hbs")), model, $"docs/blocks/{name}.hbs").Trim('\n') + "\n";

    /// <summary>Renders a template's text; <paramref name="where"/> names it in errors.</summary>
    public string Render(string template, JsonObject model, string where)
    {
        try { return _engine.Compile(template)(Plain(model)).Replace("\r\n", "\n"); }
        catch (HandlebarsException e) { throw new UserError($"the template fails: {(e.InnerException ?? e).Message}", where); }
    }

    /// <summary>A helper without arguments is a field of the same name, as in {{value}} inside {{#each}}.</summary>
    private void Helper(string name, Func<Arguments, object?> body) => _engine.RegisterHelper(name, (Context c, Arguments a) => (a.Length > 0 ? body(a) : At(c.Value, name))!);

    private static double? Double(object? value) => value is double d ? d : value is int i ? i : (value as Figure)?.Value;

    private static int Decimals(Arguments a, int usual) => a.Length > 1 ? (int)Double(a[1])!.Value : usual;

    /// <summary>A field of a row, or of the interval inside it.</summary>
    private static object? At(object? row, string key) => row is not Dictionary<string, object?> d ? null
        : d.TryGetValue(key, out var value) ? value : d.TryGetValue("interval", out var inner) ? At(inner, key) : null;

    /// <summary>A number that prints like one in a table and can still be given to num and pct.</summary>
    private sealed record Figure(double? Value)
    {
        public override string ToString() => Format.Number(Value);
    }

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject o => o.ToDictionary(p => p.Key, p => Plain(p.Value)),
        JsonArray a => a.Select(Plain).ToList(),
        JsonValue v when v.GetValueKind() is JsonValueKind.Number => double.Parse(v.ToJsonString(), CultureInfo.InvariantCulture),
        JsonValue v when v.GetValueKind() is JsonValueKind.True or JsonValueKind.False => (bool)v,
        _ => node?.ToString(),
    };
}
